// Every name under which a hub keeps something in the browser. Another hub may have another folder of the same origin,
// and share its storage; or another port of the same host, and share its cookies, which have no ports. So each name
// says whose it is (PROTOCOL.md §4.2).
//
// The hub's URL is the one of its configuration, never the page's own address. A server often answers with one page at
// many addresses (`//`, or every path): whoever sent a browser from one to the next would leave cookies under each,
// until the browser drops others for them.

export type Names = {
  /** Of the record in localStorage. */
  readonly record: string;
  /** Of the top-level origins that were seen above hubs of this storage: the first one, or `*` for more. */
  readonly top: string;
  /**
   * Of whether the browser refused when the user pressed the button last. Chromium and Firefox do not say so
   * themselves; WebKit has no word for it.
   */
  readonly refused: string;
  /** Of the sign by which a storage is recognised, in sessionStorage. It stays as long as the tab. */
  readonly sign: string;
  /** Of the mark that this storage is the first party's. */
  readonly storeMark: string;
  /** Of the companion of the record's cookie: a user who clears takes both, a jar that makes room takes the cookie. */
  readonly companion: string;
  /** In IndexedDB. */
  readonly database: string;
  readonly lock: string;
  /** Of the lock under which one hub of the browser has the stream. */
  readonly streamLock: string;
  readonly keyCookie: string;
  readonly recordCookie: (key: string) => string;
  readonly probeCookie: string;
  readonly storeMarkCookie: string;
  /** Of the session cookie by which hubs know that the browser has not been closed since one of them ran. */
  readonly runCookie: string;
};

/**
 * After each name comes the hub's folder, and in a cookie's name the port before it: nothing for a hub at the root of
 * its host, if its port is 443 in the case of cookies. What is added begins with a character that no name before it
 * has, so no two hubs have a name in common.
 */
export function namesOf(hubUrl: string): Names {
  const { protocol, port, pathname } = new URL(hubUrl);
  const folder = pathname.replace(/\/[^/]*$/, '');
  // `port` is empty for the default of http, too. A port answers http or https, so the scheme adds nothing.
  const ownPort = port || (protocol === 'http:' ? '80' : '');
  const inOrigin = (name: string) => `${name}${folder}`;
  // A cookie's name is a token (RFC 6265 §4.1.1), which has neither `:` nor `/`.
  const ofHub = encodeURIComponent(`${ownPort && `:${ownPort}`}${folder}`);
  const cookie = (name: string) => `__Host-${name}${ofHub}`;
  return {
    record: inOrigin('lockstep'),
    top: inOrigin('lockstep-top'),
    refused: inOrigin('lockstep-refused'),
    sign: inOrigin('lockstep-sign'),
    storeMark: inOrigin('lockstep-store'),
    companion: inOrigin('lockstep-cookie'),
    database: inOrigin('lockstep'),
    lock: inOrigin('lockstep-duty'),
    streamLock: inOrigin('lockstep-stream'),
    keyCookie: cookie('lockstep'),
    recordCookie: (key) => cookie(`lockstep-${key}`),
    probeCookie: cookie('lockstep-probe'),
    storeMarkCookie: cookie('lockstep-store'),
    runCookie: cookie('lockstep-run'),
  };
}
