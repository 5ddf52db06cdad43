// The duties of an app (R6): what it can do in the place of all tabs, and each call of it. It is loaded only where an
// app has duties, and imports nothing of the first load, so that it stays a file of its own. A call that fails is
// `unknown` and never ends a session (R7); a call whose outcome is not awaited any more is aborted and answered by
// nothing.

import type { CheckResult, ConnectOptions } from './types.js';
import type { AppMessage, DutyCall, Outcome, PortMessage } from './wire.js';

/** PROTOCOL.md §3: how long a hub waits for an outcome. */
const dutyMsMax = 10_000;
/** PROTOCOL.md §2. */
const claimsBytesMax = 2048;
const epochMsMax = 8_640_000_000_000_000;

const functionOf = { check: 'checkSession', end: 'endSession' } as const;

/** The functions of one session. */
export type Offer = Pick<ConnectOptions, 'checkSession' | 'endSession'>;
type Duty = DutyCall['duty'];
type Running = { readonly message: DutyCall; readonly offer: Offer; readonly life: AbortController };

export type Duties = {
  /**
   * Holds until the signal is aborted. A call that runs then is passed to the next session that can do it, or given
   * back.
   */
  readonly add: (offer: Offer, signal: AbortSignal) => void;
  readonly receive: (message: PortMessage) => void;
  /** The hub that called is gone. */
  readonly disconnected: () => void;
};

/**
 * The error class and the checks are given by the caller, since a file that two files import would be one more request
 * at the start.
 */
export function createDuties(
  sendText: (text: string) => boolean,
  emitError: (error: unknown) => void,
  ClientError: typeof import('./errors.js').LockstepError,
  demand: (holds: boolean, name: string, what: string) => void,
  checkedExpiry: typeof import('./arguments.js').checkedExpiry,
  checkedClaims: typeof import('./arguments.js').checkedClaims,
): Duties {
  const offers = new Set<Offer>();
  const running = new Map<number, Running>();
  /** By `performance.now()`. Firefox and WebKit fail requests from `beforeunload` on, Chromium after `pagehide`. */
  let leftAt = Number.NEGATIVE_INFINITY;
  /** What the present hub knows. */
  let sent: readonly Duty[] = [];
  let isConnected = false;

  const offerOf = (duty: Duty) => [...offers].find((offer) => offer[functionOf[duty]]);

  function leave(): void {
    leftAt = performance.now();
  }

  function send(message: AppMessage): void {
    isConnected = sendText(JSON.stringify(message));
  }

  function sendDuties(): void {
    const can = (['check', 'end'] as const).filter(offerOf);
    if (can.join() === sent.join()) return;
    sent = can;
    send({ type: 'duties', can });
  }

  function abort(call: number): void {
    running.get(call)?.life.abort();
    running.delete(call);
  }

  async function perform(message: DutyCall): Promise<void> {
    const { call, duty } = message;
    const offer = offerOf(duty);
    // The hub does not know yet that no session here has this duty any more, and need not wait for it.
    if (!offer) return send({ type: 'outcome', call, outcome: 'unknown' });
    const life = new AbortController();
    running.set(call, { message, offer, life });
    const [outcome, ...faults] = await outcomeOf(offer, message, life.signal);
    if (life.signal.aborted) return;
    running.delete(call);
    // The browser fails the requests of a page that is left. That is no outcome of a check: the hub gives it back when
    // the page goes, and waits as long as for any call where it stays. An end that failed has to be done elsewhere.
    const isLeft = performance.now() - leftAt < dutyMsMax;
    if (duty === 'check' && isLeft && faults.length > 0) return;
    send({ type: 'outcome', call, ...outcome });
    for (const cause of faults) {
      emitError(new ClientError('duty-failed', 'A duty failed: see the cause.', { cause }));
    }
  }

  /** The outcome, and after it what the function threw. */
  async function outcomeOf(offer: Offer, message: DutyCall, signal: AbortSignal): Promise<[Outcome, ...unknown[]]> {
    const { sessionId } = message;
    try {
      if (message.duty === 'check') {
        return [checkedOutcome(await offer.checkSession?.({ reason: message.reason, sessionId, signal }))];
      }
      await offer.endSession?.({ reason: message.reason, sessionId, signal });
      return [{ outcome: 'done' }];
    } catch (cause) {
      return [{ outcome: 'unknown' }, cause];
    }
  }

  /** What the hub would refuse is refused here: an outcome has no reply that could say so. */
  function checkedOutcome(result: CheckResult | undefined): Outcome {
    const { active, ...terms }: Partial<CheckResult> = Object(result);
    demand(typeof active === 'boolean', 'active', 'true or false');
    const expiresAt = checkedExpiry(terms);
    demand((expiresAt ?? 0) <= epochMsMax, 'expiresAt', 'a time that a Date can hold');
    const claims = checkedClaims(terms.claims);
    const { length } = new TextEncoder().encode(JSON.stringify(claims ?? {}));
    demand(length <= claimsBytesMax, 'claims', 'at most 2 KiB');
    return active ? { outcome: 'active', expiresAt, claims } : { outcome: 'inactive' };
  }

  function remove(closed: Offer): void {
    offers.delete(closed);
    for (const { message, offer } of [...running.values()]) {
      if (offer !== closed) continue;
      abort(message.call);
      perform(message);
    }
    // Without a connection, to send would start an attempt, which a session that closes does not need.
    if (isConnected) sendDuties();
  }

  return {
    add(offer, signal) {
      if (signal.aborted) return;
      offers.add(offer);
      signal.addEventListener('abort', () => remove(offer));
      for (const type of ['beforeunload', 'pagehide']) addEventListener(type, leave, { signal });
      sendDuties();
    },
    receive(message) {
      if (message.type === 'cancel') abort(message.call);
      if (message.type === 'duty' && isCall(message) && !running.has(message.call)) perform(message);
      if (message.type !== 'welcome') return;
      sent = [];
      sendDuties();
      isConnected = true;
    },
    disconnected() {
      isConnected = false;
      for (const call of [...running.keys()]) abort(call);
    },
  };
}

/** A hub may be newer, or a false one. */
function isCall({ call, duty, reason, sessionId = '' }: DutyCall): boolean {
  const isDuty = duty === 'check' || duty === 'end';
  return isDuty && Number.isInteger(call) && [reason, sessionId].every((text) => typeof text === 'string');
}
