// Telling the own app must not stand in the way of telling the others: what follows from a write waits a moment, and never longer
// than to the next thing that happens.

import { expect, test } from 'vitest';
import { openPort } from './port.js';

const hello = JSON.stringify({ lockstep: 1, type: 'hello', client: '0.1.0' });
const login = JSON.stringify({ type: 'login', id: 1, subject: 'u-42' });
const logout = JSON.stringify({ type: 'logout', id: 2 });

async function patientPort() {
  const port = await openPort({ patient: true });
  port.hello(hello);
  return { ...port, types: () => port.received().map(({ type, id }) => (id ? `${type} ${id}` : type)) };
}

test('the own app is told when the others have had their moment', async () => {
  const port = await patientPort();
  port.says(login);
  expect(port.stored()).toContain('u-42');
  expect(port.types()).toEqual(['welcome']);
  port.othersHeard();
  expect(port.types()).toEqual(['welcome', 'changed', 'reply 1']);
});

test('whatever happens meanwhile comes after', async () => {
  const port = await patientPort();
  port.says(login);
  port.says(logout);
  expect(port.types()).toEqual(['welcome', 'changed', 'reply 1']);
  expect(port.stored()).toContain('"ended"');
  port.othersHeard();
  expect(port.types()).toEqual(['welcome', 'changed', 'reply 1', 'changed', 'reply 2']);
});

test('a moment that nothing was written before changes nothing', async () => {
  const port = await patientPort();
  port.othersHeard();
  port.says(login);
  port.othersHeard();
  port.othersHeard();
  expect(port.types()).toEqual(['welcome', 'changed', 'reply 1']);
});
