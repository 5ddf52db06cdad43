// The tiny app that every host serves. `/` connects at once, `/bare` leaves it to the test. It notes all that it is told, in order,
// as plain data: `told` is a list of {type, ...}, where `type` is an event's, or `snapshot`.

import { connect, LockstepError } from '/lockstep.js';

const settings = JSON.parse(document.getElementById('settings').textContent);

function plain(value) {
  return JSON.parse(
    JSON.stringify(value, (_, member) =>
      member instanceof LockstepError ? { code: member.code, message: member.message } : member,
    ),
  );
}

function join(options = {}) {
  const session = connect({ ...settings.options, ...options });
  const told = [];
  session.subscribe((snapshot) => told.push(plain({ type: 'snapshot', ...snapshot })));
  for (const type of ['login', 'logout', 'user-change', 'idle-warning', 'idle-resume', 'scope', 'error']) {
    session.on(type, (event) => told.push(plain({ type, ...event })));
  }
  return Object.assign(session, { told });
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

Object.assign(window, { connect, join, outcome, plain });
if (settings.connect) window.session = join();
document.documentElement.dataset.app = 'running';
