// The tiny app that every host serves. `/` connects at once, `/bare` leaves it to the test. It records every snapshot
// and event, in order, as plain data: `recorded` is a list of {type, ...}, where `type` is an event's, or `snapshot`.
// With `?duties=check,end` it offers these duties, done by asking the tests' provider, and notes in `called` what it
// was given; with `&deaf` it does not heed the signal.

import { connect, LockstepError, withSession } from '/lockstep.js';

const settings = JSON.parse(document.getElementById('settings').textContent);
const query = new URLSearchParams(location.search);

function plain(value) {
  return JSON.parse(
    JSON.stringify(value, (_, member) =>
      member instanceof LockstepError ? { code: member.code, message: member.message } : member,
    ),
  );
}

function perform(duty, method, called) {
  return async ({ reason, signal }) => {
    const call = { duty, reason, is: 'running', aborted: false };
    called.push(call);
    signal.addEventListener('abort', () => {
      call.aborted = true;
    });
    try {
      const heeded = query.has('deaf') ? undefined : signal;
      // Past the browser's cache, where a request waits for another tab's to the same address, be that tab frozen or
      // gone.
      const init = { method, signal: heeded, cache: 'no-store' };
      const response = await fetch(`${settings.provider}/${duty}?reason=${reason}`, init);
      if (!response.ok) throw new Error(`The provider answers ${response.status}.`);
      const answer = await response.json();
      call.is = 'done';
      return answer;
    } catch (error) {
      call.is = 'failed';
      throw error;
    }
  };
}

function duties(called) {
  const offered = (query.get('duties') ?? '').split(',');
  return {
    ...(offered.includes('check') && { checkSession: perform('check', 'GET', called) }),
    ...(offered.includes('end') && { endSession: perform('end', 'POST', called) }),
  };
}

function join(options = {}) {
  const recorded = [];
  const called = [];
  const session = connect({ ...settings.options, ...duties(called), ...options });
  session.subscribe((snapshot) => recorded.push(plain({ type: 'snapshot', ...snapshot })));
  for (const type of ['login', 'logout', 'user-change', 'idle-warning', 'idle-resume', 'scope', 'error']) {
    session.on(type, (event) => recorded.push(plain({ type, ...event })));
  }
  return Object.assign(session, { recorded, called });
}

/** 'done', or the code of the refusal; anything else that is thrown is a fault of the client. */
async function outcome(promise) {
  try {
    await promise;
    return 'done';
  } catch (error) {
    if (error instanceof LockstepError) return error.code;
    throw error;
  }
}

Object.assign(window, { connect, join, outcome, plain, withSession });
if (settings.connect) window.session = join();
document.documentElement.dataset.app = 'running';
