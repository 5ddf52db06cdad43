// The library has no types of its own.

declare module 'proxy-from-env' {
  /** Of HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in either case; empty where there is none for this URL. */
  export function getProxyForUrl(url: string): string;
}
