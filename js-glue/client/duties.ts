// The duties of an app (R6): what it can do in the place of all tabs, and each call of it. It is loaded only where an app has duties.
// What fails is `unknown` and never ends a session (R7); what is not awaited any more is aborted and answered by nothing.

import type { checkedTerms, demand } from './arguments.js';
import type { CheckResult, ConnectOptions } from './types.js';
import type { AppMessage, DutyCall, PortMessage } from './wire.js';

// PROTOCOL.md §2.
const claimsBytesMax = 2048;
const epochMsMax = 8_640_000_000_000_000;

const functionOf = { check: 'checkSession', end: 'endSession' } as const;

/** The functions of one session. */
export type Offer = {
  readonly [K in 'checkSession' | 'endSession']: ConnectOptions[K];
};
type Outcome = Omit<Extract<AppMessage, { readonly type: 'outcome' }>, 'type' | 'call'>;
type Duty = DutyCall['duty'];
type Running = { readonly message: DutyCall; readonly offer: Offer; readonly life: AbortController };

export type Duties = {
  /** Before or after the welcome. Holds until the signal; what the session was doing then is done by the next one, or given back. */
  readonly add: (offer: Offer, signal: AbortSignal) => void;
  readonly hear: (message: PortMessage) => void;
  /** The hub that asked is gone. */
  readonly lost: () => void;
};

/** The rules of arguments are handed in by the caller, which has them anyway: what both imported would be one more file at the start. */
export function createDuties(
  send: (text: string) => boolean,
  failed: (cause: unknown) => void,
  terms: typeof checkedTerms,
  must: typeof demand,
): Duties {
  const offers = new Set<Offer>();
  const running = new Map<number, Running>();
  let said: readonly Duty[] = [];
  /** Is there a hub that hears? A hub that comes is told everything anew. */
  let isHeard = false;

  const offerOf = (duty: Duty) => [...offers].find((offer) => offer[functionOf[duty]]);

  function say(message: AppMessage): void {
    isHeard = send(JSON.stringify(message));
  }

  function sayWhatChanged(): void {
    const can = (['check', 'end'] as const).filter(offerOf);
    if (`${can}` === `${said}`) return;
    said = can;
    say({ type: 'duties', can });
  }

  function stop(call: number): void {
    running.get(call)?.life.abort();
    running.delete(call);
  }

  function stopAll(): void {
    for (const call of running.keys()) stop(call);
  }

  async function perform(message: DutyCall): Promise<void> {
    const { call, duty } = message;
    const offer = offerOf(duty);
    const life = new AbortController();
    let outcome: Outcome = { outcome: 'unknown' };
    let faults: readonly unknown[] = [];
    // Without an offer the hub has not yet heard that nobody here can any more, and need not wait.
    if (offer) {
      running.set(call, { message, offer, life });
      try {
        outcome = await outcomeOf(offer, message, life.signal);
      } catch (cause) {
        faults = [cause];
      }
      if (life.signal.aborted) return;
      running.delete(call);
    }
    say({ type: 'outcome', call, ...outcome });
    faults.forEach(failed);
  }

  async function outcomeOf(offer: Offer, message: DutyCall, signal: AbortSignal): Promise<Outcome> {
    const { sessionId } = message;
    if (message.duty === 'check')
      return checked(await offer.checkSession?.({ reason: message.reason, sessionId, signal }));
    await offer.endSession?.({ reason: message.reason, sessionId, signal });
    return { outcome: 'done' };
  }

  /** What the hub would refuse is refused here: an outcome has no reply that could say so. */
  function checked(result: CheckResult | undefined): Outcome {
    const { active, ...rest } = Object(result) as CheckResult;
    must(typeof active === 'boolean', 'active', 'true or false');
    const { expiresAt, claims } = terms(rest);
    must((expiresAt ?? 0) <= epochMsMax, 'expiresAt', 'a time that a Date can hold');
    const { length } = new TextEncoder().encode(JSON.stringify(claims ?? {}));
    must(length <= claimsBytesMax, 'claims', 'at most 2 KiB');
    return active ? { outcome: 'active', expiresAt, claims } : { outcome: 'inactive' };
  }

  function leave(gone: Offer): void {
    offers.delete(gone);
    for (const { message, offer } of [...running.values()]) {
      if (offer !== gone) continue;
      stop(message.call);
      perform(message);
    }
    // To say it to nobody would wake a hub that is away.
    if (isHeard) sayWhatChanged();
  }

  return {
    add(offer, signal) {
      if (signal.aborted) return;
      offers.add(offer);
      signal.addEventListener('abort', () => leave(offer));
      sayWhatChanged();
    },
    hear(message) {
      if (message.type === 'cancel') stop(message.call);
      if (message.type === 'duty' && Object.hasOwn(functionOf, message.duty)) perform(message);
      if (message.type !== 'welcome') return;
      said = [];
      sayWhatChanged();
      isHeard = true;
    },
    lost() {
      isHeard = false;
      stopAll();
    },
  };
}
