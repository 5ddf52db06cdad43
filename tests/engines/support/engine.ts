// What the suite asks of a browser, whichever it is. Each engine has one file that does it with its own driver. A tab
// is a real tab of one real profile; nothing here emulates anything. Scripts are functions that run in the page, and
// see nothing of the test but their argument.

export type EngineName = 'chromium' | 'firefox' | 'webkit';

/** What a user may have set. An engine that cannot be set so says it when it is launched. */
export type Settings = {
  /**
   * By default they are allowed in Chromium, as Chrome does, split by the page on top in Firefox, and refused in
   * WebKitGTK: what each has from its makers.
   */
  readonly thirdPartyCookies?: 'allowed' | 'blocked';
  /** `off`: the user has switched it off. */
  readonly webAssembly?: 'off';
  /** `blocked`: no site may store anything. */
  readonly storage?: 'allowed' | 'blocked';
  /**
   * The user's answer to the browser's question about storage, which no driver can click; Chromium's was given
   * earlier. Third-party cookies are then blocked there, or it would not ask.
   */
  readonly answer?: 'yes' | 'no';
  /** The profile outlives the browser. Every browser but WebKitGTK's own does so anyway. */
  readonly kept?: boolean;
};

/** A document: the page itself, or the hub's frame in it. */
export type Place = {
  readonly evaluate: <Result, Argument = undefined>(
    script: (argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ) => Promise<Result>;
  /** A user's click, in the middle of the first element that matches. */
  readonly click: (selector: string) => Promise<void>;
};

export type Tab = Place & {
  /**
   * The document of the hub in this page. To evaluate there counts as a user's gesture in some engines: nothing that is
   * about the absence of a gesture may do so.
   */
  readonly hub: Place;
  readonly goto: (url: string) => Promise<void>;
  readonly back: () => Promise<void>;
  readonly reload: () => Promise<void>;
  /** Makes it the tab that the user looks at. */
  readonly show: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Windows of one profile. */
export type Window = {
  /** A new tab, in front. Waits until the page is loaded. */
  readonly open: (url: string) => Promise<Tab>;
  /** The tab that shows this address, be it one that no test has opened. */
  readonly at: (url: string) => Promise<Tab | undefined>;
  /** The tab that something in a page opens. */
  readonly opened: (by: () => Promise<unknown>) => Promise<Tab>;
  /** Closes every tab that was opened here. */
  readonly closeTabs: () => Promise<void>;
};

export type Browser = Window & {
  readonly name: EngineName;
  /** A private window: a profile of its own beside this one. */
  readonly privateWindow: () => Promise<Window & { readonly close: () => Promise<void> }>;
  /** Ends the process that runs this page (`app`), or its hub when that is another (`hub`). */
  readonly crash: (tab: Tab, which: 'app' | 'hub') => Promise<void>;
  /** The whole browser stops, as on a machine that sleeps, and goes on. */
  readonly suspend: () => void;
  readonly resume: () => void;
  /** SIGKILL for the whole browser. */
  readonly kill: () => Promise<void>;
  /** As a user closes it: what is pending is written. */
  readonly quit: () => Promise<void>;
};

export type Launch = (profile: string, settings: Settings) => Promise<Browser>;

/** Text of an expression that calls the function with the argument. */
export function callOf(script: (argument: never) => unknown, argument: unknown): string {
  return `(${script})(${argument === undefined ? '' : JSON.stringify(argument)})`;
}

/** Does one thing after another, for drivers that lose their way otherwise. */
export function createQueue(): <Result>(act: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (act) => {
    const next = last.then(act, act);
    last = next.catch(() => {});
    return next;
  };
}
