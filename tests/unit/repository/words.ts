// The words that this project says with another word, and the few places that mean something else by them. One thing
// has one name, the field's, in core, wire, client and tests; whoever reads two names looks for two things.

export type Word = {
  /** Matches words in lower case, an identifier's parts set apart by spaces: `keptEnd` is `kept end`. */
  readonly banned: RegExp;
  readonly say: string;
  /** `code`: only identifiers, since prose needs the word in its ordinary sense. */
  readonly where: 'everywhere' | 'code';
  /** Where the rule holds; all folders if none is given. */
  readonly paths?: RegExp;
};

const cpp = /^wasm\//;
/** Not the core, where a host is a part of an origin. */
const bridge = /^(wasm\/(hub|browser)|bridge-html)\//;
const hub = /^(wasm\/(core|hub|browser)|bridge-html)\//;

export const words: readonly Word[] = [
  { banned: /\bstamps?\b|\bstamped\b/, say: 'logical timestamp', where: 'everywhere' },
  { banned: /\bborn\b/, say: 'created', where: 'everywhere' },
  { banned: /(?<!\berror )\bnotices?\b/, say: 'session event; error notice; see', where: 'everywhere' },
  { banned: /\b(told|tells?|telling|untold)\b/, say: 'session event; notify, say, know', where: 'everywhere' },
  { banned: /\b(hears?|heard|hearing|unheard)\b/, say: 'receive, learn', where: 'everywhere' },
  { banned: /\bnews\b/, say: 'session event, change', where: 'everywhere' },
  { banned: /\bkept ends?\b/, say: 'durable tombstone', where: 'everywhere' },
  { banned: /\bplacements?\b/, say: 'storage capabilities', where: 'everywhere' },
  { banned: /\blook(s|ed)?\b(?! (like|up)\b)/, say: 'probe', where: 'code', paths: hub },
  { banned: /(?<!\bstorage )\bareas?\b/, say: 'storage backend', where: 'everywhere', paths: hub },
  { banned: /\bmoved\b/, say: 'migrated, migration', where: 'everywhere' },
  { banned: /\bset out\b/, say: 'migration', where: 'everywhere' },
  { banned: /\bcarr(y|ies|ied) over\b/, say: 'migrate', where: 'everywhere' },
  { banned: /\bc(ame|omes?) unseen\b/, say: 'migration target', where: 'everywhere' },
  { banned: /\bc(ame|omes?) along\b/, say: 'be migrated', where: 'everywhere' },
  { banned: /\benters\b/, say: 'is_origin_allowed', where: 'everywhere' },
  { banned: /\badmits?\b|\badmitted\b/, say: 'authorize', where: 'everywhere' },
  { banned: /\bstands\b/, say: 'is_claim_current; is', where: 'everywhere' },
  { banned: /\b(in)?sane\b/, say: 'clamp_future; valid', where: 'everywhere' },
  { banned: /\bnames\(/, say: 'refers_to', where: 'code', paths: cpp },
  { banned: /\babsorb(s|ed|ing)?\b/, say: 'read', where: 'everywhere' },
  { banned: /(?<!\bclaim )\bsettles?\b/, say: 'decide, write', where: 'code', paths: cpp },
  { banned: /\bspeaks?\b|\bgo on\b/, say: 'publish', where: 'code', paths: cpp },
  { banned: /\btickets?\b|\breceipts?\b/, say: 'WriteId, pending reply', where: 'everywhere' },
  { banned: /\bturns?\b/, say: 'transition', where: 'code', paths: cpp },
  { banned: /\bsight\b/, say: 'transition; view', where: 'everywhere' },
  { banned: /\bcrossings?\b/, say: 'interop, binding', where: 'everywhere' },
  { banned: /\boutside\b/, say: 'Platform', where: 'code' },
  { banned: /\bhost\b/, say: 'Platform, platform callbacks', where: 'code', paths: bridge },
  { banned: /\bwitness(es)?\b/, say: 'reference model', where: 'everywhere' },
  { banned: /\bweather\b/, say: 'fault mix', where: 'everywhere' },
  { banned: /\bcalm\b/, say: 'liveness phase', where: 'everywhere' },
  { banned: /\bmoody\b/, say: 'flaky', where: 'everywhere' },
  { banned: /\bgreet(s|ed|ing)?\b/, say: 'send hello', where: 'everywhere' },
  { banned: /\bh(a|u)ngs? up\b/, say: 'close port', where: 'everywhere' },
  { banned: /\bnudge[sd]?\b/, say: 'retry now', where: 'everywhere' },
  { banned: /\baway\b/, say: 'closed connection', where: 'code' },
  { banned: /\bhelpers?\b/, say: 'what it does', where: 'everywhere' },
  { banned: /\b(managers?|services?|utils?|misc)\b/, say: 'what it does', where: 'code' },
];

/** Names that say nothing; banned where something is declared, since the platform has `event.data` and `process`. */
export const emptyNames = /\b(manager|service|helper|utils?|common|misc|data|info|handle|process)\b/;

export type Exception = { readonly path: RegExp; readonly text: RegExp; readonly reason: string };

/** A line of such a file that has such a text may say it. */
export const exceptions: readonly Exception[] = [
  {
    path: /^(bridge-html\/inspect\/recorder|js-glue\/inspector\/(across|transcript))\./,
    text: /tells its app/,
    reason: 'the words of tests/transcripts',
  },
  { path: /^bridge-html\//, text: /LockManager/, reason: 'the type of navigator.locks' },
  {
    path: /^(bridge-html\/|wasm\/core\/scope\.|tests\/e2e\/cross-site\.)/,
    text: /[hH]andle$/,
    reason: 'the Storage Access API calls what it gives a StorageAccessHandle',
  },
  { path: /^tests\/engines\/support\/webkit\.ts$/, text: /^handle$/, reason: 'WebDriver calls a window so' },
  { path: /^examples\/apps\//, text: /UserManager/, reason: 'the class of oidc-client-ts' },
  {
    path: /\/adapters\/okta-auth-js\./,
    text: /tokenManager|services/,
    reason: 'okta-auth-js calls its store of tokens, and its own renewals, so',
  },
  {
    path: /\/adapters\/oidc-client-ts\.|examples\/oidc-client-ts\/login\.ts/,
    text: /[mM]anager/,
    reason: 'oidc-client-ts calls its class UserManager, and who uses it the object so',
  },
  {
    path: /\/adapters\/firebase\./,
    text: /persistenceManager/,
    reason: 'Firebase calls its store of users so',
  },
  { path: /^tests\/e2e\/support\/readme\.ts$/, text: /function greet/, reason: "README's lines call it so" },
  { path: /^js-glue\/angular\//, text: /runOutsideAngular/, reason: "a method of Angular's zone" },
  {
    path: /^tests\/engines\/support\/webkit_/,
    text: /(cookie|website_data)_manager/,
    reason: 'functions of WebKitGTK',
  },
];
