// Does a provider's answer stand in this address? It is in the query or in the fragment (RFC 6749 §4.1.2 and §4.2.2,
// OpenID Connect Core 1.0 §3.2.2.5); where an app keeps its own routes in the fragment, in the query of that.

const isToken = /^[\w-]+\.[\w-]+\.[\w-]*/;

function isAnswer(members: URLSearchParams): boolean {
  if (members.has('id_token') || members.has('access_token')) return true;
  // JWT Secured Authorization Response Mode §2.3
  if (isToken.test(members.get('response') ?? '')) return true;
  return members.has('state') && (members.has('code') || members.has('error'));
}

export function hasAnswer({ search, hash }: URL): boolean {
  return [search, hash.slice(1), hash.split('?')[1] ?? ''].some((part) => isAnswer(new URLSearchParams(part)));
}

/** With what address this document was opened: an app may have replaced it by now. */
export function openedAt(): string {
  return navigation()?.name ?? location.href;
}

export function navigation(): PerformanceNavigationTiming | undefined {
  return performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming | undefined;
}
