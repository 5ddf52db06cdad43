// What the owner of a push server says, and the check of it. Whatever cannot work is refused when the server is made,
// in words that say what to write instead; nothing of it is found out by a request.

import type { Bus } from './bus.js';
import { PushError } from './errors.js';
import type { EpochMs } from './recent.js';

/** One OpenID Provider, or whoever else gives sessions their ids. */
export type Issuer = {
  /** Exactly the `iss` of its tokens, and the `issuer` that the hub knows for its sessions. */
  readonly issuer: string;
  /** Ours: a logout token must be for one of them. Without them none is accepted from this issuer. */
  readonly clientIds?: readonly string[];
  /** Where its keys are. Otherwise its metadata say it (OpenID Connect Discovery 1.0 §4). */
  readonly jwksUri?: string;
  /** Of its signatures: only asymmetric ones (`RS256`, as for ID tokens). */
  readonly algorithms?: readonly string[];
  /** `false`: a logout token without `typ`, as older providers write it, is accepted, too. */
  readonly requireType?: boolean;
  /** `false`: a logout token without `exp` is accepted, too; its age is bounded all the same. */
  readonly requireExpiry?: boolean;
  /** `true`: a logout token with `sub` ends all sessions of the subject: where each client has a `sid` of its own. */
  readonly endAllOfSubject?: boolean;
  /** `true`: front-channel logouts are accepted. Nothing proves them, so it is off where it is not asked for. */
  readonly frontchannel?: boolean;
  /** `false`: a front-channel logout may come without `iss`, as Entra ID sends it. */
  readonly requireIssuer?: boolean;
  /** If it pushes security events, too. */
  readonly securityEvents?: SecurityEvents;
};

/** An agreement with a transmitter of security events about sessions of the issuer. */
export type SecurityEvents = {
  /** The `aud` of its events. */
  readonly audience: string;
  /** The whole value of the header `Authorization` that it sends, such as `Bearer …`, of 20 characters or more. */
  readonly authorization: string;
  /** The `iss` of its events, where it is not the issuer. */
  readonly transmitter?: string;
  readonly jwksUri?: string;
  readonly algorithms?: readonly string[];
};

/** Who is signed in, as the owner's own server sees it. Times are epoch milliseconds. */
export type KnownSession = {
  readonly subject: string;
  readonly sessionId?: string;
  /** Only needed where there are several. */
  readonly issuer?: string;
  /** When it began. Without it no end is applied here, since it could be of an earlier session. */
  readonly signedInAt?: EpochMs;
  /** Until when it is known to live. */
  readonly expiresAt?: EpochMs;
};

/** One line for a log. It has no address, no id and nothing of a token. */
export type LogEntry = {
  readonly level: 'info' | 'warning' | 'error';
  readonly event: string;
  readonly [detail: string]: string | number;
};

export type PushOptions = {
  readonly issuers: readonly Issuer[];
  /** Connects the nodes. The default is one of this process alone. */
  readonly bus?: Bus;
  /** Who sends this request, by the owner's own cookie; null for nobody. For `session`. */
  readonly sessionOf?: (request: Request) => Promise<KnownSession | null> | KnownSession | null;
  readonly log?: (entry: LogEntry) => void;
  /** How many proxies of the owner's own stand in front, each of which adds to `X-Forwarded-For` (0). */
  readonly trustProxy?: number;
  /** The most streams at once (20,000). */
  readonly streamsMax?: number;
  /** The most streams at once from one IPv4 address, or one /64 of IPv6 (1,000). */
  readonly streamsPerAddressMax?: number;
  /** The most streams at once from one /24 of IPv4, or one /48 of IPv6 (twice as many as from an address). */
  readonly streamsPerNetworkMax?: number;
  /** How often an idle stream gets a comment (20,000). */
  readonly commentMs?: number;
  /** After how long a stream ends, so that the browser opens another; up to a fifth more or less (300,000). */
  readonly streamMs?: number;
  /** How long each call of the bus may take (2,000). */
  readonly busTimeoutMs?: number;
  /** How old a logout token may be (300). */
  readonly tokenAgeSecondsMax?: number;
  /** By how much the clock of a provider may differ (5). */
  readonly clockToleranceSeconds?: number;
  /** How long a session counts as connected after its stream has ended, for a front-channel logout (600,000). */
  readonly connectedLatelyMs?: number;
  /** For the keys and the metadata of issuers. */
  readonly fetch?: typeof fetch;
  readonly now?: () => EpochMs;
};

export const defaults = {
  trustProxy: 0,
  streamsMax: 20_000,
  streamsPerAddressMax: 1_000,
  streamsPerNetworkMax: 2_000,
  commentMs: 20_000,
  streamMs: 300_000,
  busTimeoutMs: 2_000,
  tokenAgeSecondsMax: 300,
  clockToleranceSeconds: 5,
  connectedLatelyMs: 600_000,
} as const;

export type Settings = { readonly [Name in keyof typeof defaults]: number };

const issuersMax = 100;
/** What may sign a token that everybody can verify and nobody else can make. */
const asymmetric = /^(RS|PS|ES)(256|384|512)$|^(EdDSA|Ed25519)$/;

/** Throws `bad-options`. */
export function settingsOf(options: PushOptions): Settings {
  refuseOthers(options, optionNames, 'an option');
  if (!Array.isArray(options.issuers) || options.issuers.length === 0)
    refuse('`issuers` must list at least one issuer.');
  if (options.issuers.length > issuersMax) refuse(`\`issuers\` may list ${issuersMax} issuers at most.`);
  options.issuers.forEach(checkIssuer);
  const names = options.issuers.map(({ issuer }) => issuer);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse(`\`issuers\` lists ${twice} twice: write all its clients into one entry.`);
  const { streamsPerAddressMax = defaults.streamsPerAddressMax } = options;
  const usual = { ...defaults, streamsPerNetworkMax: 2 * streamsPerAddressMax };
  const chosen = Object.entries(usual).map(([name, value]) => [name, options[name as keyof Settings] ?? value]);
  for (const [name, value] of chosen) {
    const isRight = Number.isSafeInteger(value) && (value as number) >= (mayBeZero.has(name as string) ? 0 : 1);
    if (!isRight) refuse(`\`${name}\` must be a whole number${mayBeZero.has(name as string) ? '' : ' above 0'}.`);
  }
  return Object.fromEntries(chosen) as Settings;
}

const optionNames = ['issuers', 'bus', 'sessionOf', 'log', 'fetch', 'now', ...Object.keys(defaults)];
const issuerNames = [
  ...['issuer', 'clientIds', 'jwksUri', 'algorithms', 'requireType', 'requireExpiry'],
  ...['endAllOfSubject', 'frontchannel', 'requireIssuer', 'securityEvents'],
];

/** A slip in the name of an option would otherwise be its default, without a word. */
function refuseOthers(given: object, names: readonly string[], kind: string): void {
  const other = Object.keys(Object(given)).find((name) => !names.includes(name));
  if (other !== undefined) refuse(`\`${other}\` is not ${kind}. There are: ${names.join(', ')}.`);
}

const mayBeZero: ReadonlySet<string> = new Set(['trustProxy', 'clockToleranceSeconds', 'connectedLatelyMs']);

function checkIssuer(given: Issuer): void {
  refuseOthers(given, issuerNames, 'a member of an issuer');
  const { issuer, clientIds = [], jwksUri, algorithms, securityEvents } = given;
  if (typeof issuer !== 'string' || issuer === '') refuse('`issuer` must be the text that its tokens have as `iss`.');
  if (!clientIds.every((id) => typeof id === 'string' && id !== ''))
    refuse(`\`clientIds\` of ${issuer} must be texts.`);
  if (given.requireIssuer !== undefined && given.frontchannel !== true)
    refuse(`\`requireIssuer\` of ${issuer} is for front-channel logouts: they need \`frontchannel: true\`.`);
  checkAlgorithms(issuer, algorithms);
  checkKeys(issuer, jwksUri, clientIds.length > 0);
  if (securityEvents === undefined) return;
  const { audience, authorization, transmitter = issuer } = securityEvents;
  if (!audience || !transmitter) refuse(`\`securityEvents\` of ${issuer} need an \`audience\`.`);
  // Whoever can guess it may not forge an event, but may post as many as it likes.
  if (typeof authorization !== 'string' || authorization.length < 20)
    refuse(`\`securityEvents\` of ${issuer} need an \`authorization\` of 20 characters or more.`);
  checkAlgorithms(issuer, securityEvents.algorithms);
  checkKeys(transmitter, securityEvents.jwksUri ?? (transmitter === issuer ? jwksUri : undefined), true);
}

function checkAlgorithms(issuer: string, algorithms: readonly string[] | undefined): void {
  const other = algorithms?.find((name) => !asymmetric.test(name));
  if (other !== undefined)
    refuse(`\`algorithms\` of ${issuer} has ${other}: only asymmetric ones are possible, such as RS256 or ES256.`);
  if (algorithms?.length === 0) refuse(`\`algorithms\` of ${issuer} is empty.`);
}

function checkKeys(issuer: string, jwksUri: string | undefined, isNeeded: boolean): void {
  if (!isNeeded || isSafeUrl(jwksUri ?? issuer)) return;
  const where = jwksUri === undefined ? `${issuer}, which has no \`jwksUri\`,` : `\`jwksUri\` of ${issuer}`;
  refuse(`${where} must be an https URL: whoever can change its answer could sign as the issuer.`);
}

/** Plain http is for a provider on this machine. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return (
    protocol === 'https:' || (protocol === 'http:' && /^((.+\.)?localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname))
  );
}

function refuse(sentence: string): never {
  throw new PushError('bad-options', sentence);
}
