// The public types of the client: what an app sees of the session. PROTOCOL.md §3 says what the hub sends.

import type { LockstepError } from './errors.js';

/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
/** Scheme, host and port, as `location.origin` writes it. */
export type Origin = string;
/** Milliseconds since 1970-01-01 UTC. */
export type EpochMs = number;

/** `connecting` is not `signed-out`: the hub has not answered yet. `unavailable` heals by itself. */
export type Status = Snapshot['status'];
/**
 * `logout`: the user did. `expired`, `idle`: a deadline passed. `revoked`: the provider said so. `cleared`: the
 * browser's store was emptied, or the browser closed, where `persistence` is `browser`.
 */
export type EndReason = 'logout' | 'expired' | 'idle' | 'revoked' | 'cleared';
/**
 * `shared`: every allowed app of this browser that can be reached. `partitioned`: only tabs under the same top-level
 * site, because the browser splits the storage. `alone`: this document.
 */
export type Scope = 'shared' | 'partitioned' | 'alone';
/** What carries the session from tab to tab. */
export type Medium = 'local-storage' | 'storage-access' | 'cookie' | 'memory';
/**
 * What would widen the scope: nothing is needed, a gesture of the user, one that has been refused (denied), or nothing
 * in this browser.
 */
export type Upgrade = 'none' | 'gesture' | 'denied' | 'unsupported';

/** What every snapshot says. */
type Place = {
  /** Whom this tab is in lockstep with. */
  readonly scope: Scope;
  /** What carries the session between tabs. */
  readonly medium: Medium;
  /** What would widen the scope. */
  readonly upgrade: Upgrade;
};
/** Members of the other kinds of snapshot: absent, and named so that they can be read before `status` is known. */
type Absent<Member extends string> = { readonly [K in Member]?: undefined };
type OfSignedIn = 'subject' | 'sessionId' | 'claims' | 'signedInAt' | 'expiresAt' | 'idleAt' | 'idleWarning';
type OfSignedOut = 'reason' | 'endedBy';

export type ConnectingSnapshot = Place & { readonly status: 'connecting' } & Absent<OfSignedIn | OfSignedOut | 'error'>;
export type SignedInSnapshot = Place & {
  readonly status: 'signed-in';
  readonly subject: string;
  readonly sessionId?: string;
  readonly claims?: Readonly<Record<string, Json>>;
  readonly signedInAt?: EpochMs;
  readonly expiresAt?: EpochMs;
  readonly idleAt?: EpochMs;
  /** The user is being warned of the idle end. */
  readonly idleWarning?: true;
} & Absent<OfSignedOut | 'error'>;
export type SignedOutSnapshot = Place & {
  readonly status: 'signed-out';
  /** Why. `never`: this browser has seen no session. */
  readonly reason?: 'never' | EndReason;
  /** The origin whose app ended the session; absent when a deadline or a cleared store did. */
  readonly endedBy?: Origin;
} & Absent<OfSignedIn | 'error'>;
export type UnavailableSnapshot = Place & {
  readonly status: 'unavailable';
  /** Why. */
  readonly error: LockstepError;
} & Absent<OfSignedIn | OfSignedOut>;

/** Immutable plain data; the same object until something changes. `status` says which members it has. */
export type Snapshot = ConnectingSnapshot | SignedInSnapshot | SignedOutSnapshot | UnavailableSnapshot;

/** Present where this page's own `login` or `logout` caused the event. */
type Own = { readonly own?: true };

/** The session events, by type. Each comes after the snapshot has changed. */
export type SessionEvents = {
  login: Own & { readonly snapshot: Snapshot };
  logout: Own & { readonly reason: EndReason; readonly endedBy?: Origin; readonly snapshot: Snapshot };
  'user-change': Own & { readonly from: string; readonly snapshot: Snapshot };
  'idle-warning': { readonly idleAt: EpochMs; readonly snapshot: Snapshot };
  'idle-resume': { readonly snapshot: Snapshot };
  scope: { readonly scope: Scope; readonly from: Scope; readonly snapshot: Snapshot };
  error: { readonly error: LockstepError };
};

/**
 * Until when the provider's session is known to live. Give one of the two, or neither where that is not known. A token
 * may well end before its session: give the token's expiry only where a check (`checkSession`, or the hub's
 * `check.url`) finds out what follows.
 */
export type Expiry = {
  /** A time, which the provider's clock says and this machine's measures. One that has passed counts as absent. */
  readonly expiresAt?: EpochMs | null | undefined;
  /**
   * Seconds from now, as OAuth's `expires_in`; needs no two clocks that agree. It counts where both are given.
   */
  readonly expiresIn?: number | null | undefined;
};

/** What the app knows of a login that has happened. */
export type Login = Expiry & {
  /** Who signed in: the provider's `sub`, 1 to 256 bytes. */
  readonly subject: string;
  /** The provider's session id (`sid`), where it has one. */
  readonly sessionId?: string | undefined;
  /**
   * An object of plain JSON values that every app may see, at most 2 KiB. Never a token: what looks like one is
   * refused. It is an `object`, so that an interface can type it; what is no JSON is refused when it is passed.
   */
  readonly claims?: object | undefined;
};

/** Why a check is due: the session expires soon, an app asked, or the last check brought no answer. */
export type CheckReason = 'expiry' | 'request' | 'retry';
/** Of a check: the session lives, it has ended, or that could not be found out. Only `inactive` ends it (R7). */
export type CheckOutcome = 'active' | 'inactive' | 'unknown';
/** What the provider says of the session. */
export type CheckResult = Expiry & {
  /** False ends the session in every tab, as `revoked`. Where the provider cannot be asked, throw instead. */
  readonly active: boolean;
  /** When active: what takes the place of the session's claims, as in `Login`. */
  readonly claims?: object | undefined;
};
/** Does the session still live? Called in one tab for all of them; to throw says that it is not known. */
export type CheckSession = (call: {
  readonly reason: CheckReason;
  /** Of the session it is about, if a login gave one. */
  readonly sessionId?: string | undefined;
  /** Aborted when the answer is not awaited any more. */
  readonly signal: AbortSignal;
}) => CheckResult | Promise<CheckResult>;
/**
 * Ends the session at the provider, after it has ended here. Called in one tab for all of them, and again, there or
 * elsewhere, where that tab went away meanwhile or the function threw.
 */
export type EndSession = (call: {
  readonly reason: EndReason;
  /** Of the session that has ended, if a login gave one: the snapshot has none any more. */
  readonly sessionId?: string | undefined;
  /** Aborted when the answer is not awaited any more. */
  readonly signal: AbortSignal;
}) => void | Promise<void>;

/** What counts as an action of the user, besides a key, a button, a finger and the wheel in this document. */
export type ActivityOptions = {
  /** Further events of this document, such as `mousemove`. Those that no user causes keep a session for ever. */
  readonly events?: readonly string[] | undefined;
  /**
   * Further documents of this app, such as pop-outs that it fills. Called at the start and whenever the focus leaves
   * this window.
   */
  readonly documents?: (() => Iterable<Document>) | undefined;
  /** A video or a recording that plays while this page is visible. Default false. */
  readonly media?: boolean | undefined;
  /** What the user does in the frames of this page, of whatever origin. Default true. */
  readonly frames?: boolean | undefined;
};

/** The first session of a hub in a document decides on `timeoutMs`. */
export type ConnectOptions = {
  /** URL of the deployed hub. */
  readonly hub: string | URL;
  /** How long to wait for the hub before `unavailable`, in ms. Default 10,000. The client goes on trying. */
  readonly timeoutMs?: number | undefined;
  /** Listen for the user's actions and feed the idle timer. Default true; an object says what else counts. */
  readonly activity?: boolean | ActivityOptions | undefined;
  /**
   * A duty this app can do for all tabs. It has 10 s. Of several sessions in a document the first open one that has it
   * is called.
   */
  readonly checkSession?: CheckSession | undefined;
  /** As `checkSession`. */
  readonly endSession?: EndSession | undefined;
  /** For a login library: brings the duties along, so neither of them may be given beside it. */
  readonly adapter?: LoginAdapter | undefined;
};

/**
 * What joins a login library to a session. `lockstep/adapters` has some; an app may write its own. Its functions are
 * called detached.
 */
export type LoginAdapter = {
  readonly checkSession?: CheckSession | undefined;
  readonly endSession?: EndSession | undefined;
  /**
   * Called once, by `connect`, where there is a document. From then on the adapter calls `beginLogin`, `cancelLogin`,
   * `login` and `logout` when the user acts by means of the library, and follows the session. Returns the function that
   * undoes all of that, which `close` calls.
   */
  readonly attach: (session: Session) => () => void;
};

export type ScopeOptions = {
  /** The hub's button is laid over this element, and follows it. */
  readonly element: HTMLElement;
  /** The button's words, at most 256 bytes. */
  readonly label?: string | undefined;
  /** CSS declarations for the button, at most 2 KiB. Nothing they name is loaded. */
  readonly style?: string | undefined;
  /** Takes the button away. */
  readonly signal?: AbortSignal | undefined;
};

/** One caller's session. Every function works detached. */
export type Session = {
  /** Synchronous; the same object until something changes. */
  readonly getSnapshot: () => Snapshot;
  /** The constant `connecting` snapshot: for rendering on a server, and for hydration. */
  readonly getServerSnapshot: () => Snapshot;
  /** Calls `listener` after every change; returns the function that unsubscribes. */
  readonly subscribe: (listener: (snapshot: Snapshot) => void) => () => void;
  readonly on: <K extends keyof SessionEvents>(type: K, listener: (event: SessionEvents[K]) => void) => () => void;
  /**
   * The first confirmed snapshot. Rejects with a LockstepError when the hub is unavailable or the session is closed
   * first, on a server at once.
   */
  readonly ready: Promise<Snapshot>;
  /**
   * "A login flow begins": call it before a redirect, a pop-up, or anything else that ends in `login`. A logout that
   * this app has not been shown by then wins against the login. That holds over the redirect, too: it is kept in this
   * tab's sessionStorage until a login ends. Without it a flow begins with the user's last action in this document, or
   * else with the document. `followLogin` and `returnWhenSignedIn` call it themselves.
   */
  readonly beginLogin: () => void;
  /**
   * "No login will come of it": call it where the provider leads back with an error, or the user gives up. A login that
   * follows then begins now, and not when the one before it did.
   */
  readonly cancelLogin: () => void;
  /**
   * "A login has happened." Resolves when it is stored and this tab shows it. Refused with `session-ended` when
   * somebody has logged out since the flow began: let the user begin another.
   */
  readonly login: (login: Login) => Promise<void>;
  /**
   * "The user logs out": every tab, at once. Resolves when the end is stored where a killed browser does not lose it.
   */
  readonly logout: () => Promise<void>;
  /**
   * "I got a 401": does the session still live? One check answers every tab that asks meanwhile. A hub takes up to 30
   * s, so it is waited for 40 s, or for `timeoutMs` where that is longer.
   */
  readonly check: () => Promise<CheckOutcome>;
  /**
   * Where `upgrade` is `gesture` or `denied`: shows the hub's button over an element, and asks the browser, when the
   * user presses it, for lockstep with all other sites. Resolves with the scope this tab has then; at once where
   * nothing is to ask for.
   */
  readonly requestScope: (options: ScopeOptions) => Promise<Scope>;
  /** Is this origin on the hub's allow-list? As `location.origin` writes it. */
  readonly allows: (origin: Origin) => Promise<boolean>;
  /** The user did something. */
  readonly touch: () => void;
  /** Removes the frame (when no other session of this document uses it) and ends every listener. */
  readonly close: () => void;
};
