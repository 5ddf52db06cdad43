// The hub's cookies as a page sees them, and how the hub writes one: for its own host alone (PROTOCOL.md §4.2).

/** As long as browsers keep one. */
const ageSeconds = 34_560_000;

export type CookieJar = {
  /** Of every cookie of this name: a sibling host's may stand beside the hub's own. */
  readonly valuesOf: (name: string) => readonly string[];
  readonly names: () => readonly string[];
  readonly put: (name: string, value: string) => void;
  /** Until the browser is closed: a session cookie. */
  readonly putForThisRun: (name: string, value: string) => void;
  readonly drop: (name: string) => void;
  /** Reports each cookie that is set, and without a value each that goes; nothing where the browser does not. */
  readonly watch: (report: (name?: string, value?: string) => void, signal?: AbortSignal) => void;
};

/** `sameSite`: what the cookies are to be marked with. */
export function cookieJar(sameSite: string): CookieJar {
  // cookieStore.set is asynchronous: a page that goes would take the write along.
  const write = (name: string, value: string, age: string) => {
    document.cookie = `${name}=${value}; Path=/;${age} Secure; SameSite=${sameSite}`;
  };
  return {
    valuesOf: (name) => {
      const start = `${name}=`;
      return pairs()
        .filter((each) => each.startsWith(start))
        .map((each) => each.slice(start.length));
    },
    names: () => pairs().map((each) => each.split('=')[0] ?? ''),
    put: (name, value) => write(name, value, ` Max-Age=${ageSeconds};`),
    putForThisRun: (name, value) => write(name, value, ''),
    drop: (name) => write(name, '', ' Max-Age=0;'),
    watch(report, signal) {
      const receive = ({ changed, deleted }: CookieChangeEvent) => {
        for (const { name, value } of changed) report(name, value);
        for (const { name } of deleted) report(name);
      };
      globalThis.cookieStore?.addEventListener('change', receive, signal && { signal });
    },
  };
}

/** None in a sandbox, where to ask for them throws. */
function pairs(): readonly string[] {
  try {
    return document.cookie.split('; ');
  } catch {
    return [];
  }
}
