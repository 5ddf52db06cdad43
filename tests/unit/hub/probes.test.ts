// When the storage capabilities are probed again.

import { expect, test, vi } from 'vitest';
import { createProbes } from '../../../bridge-html/probes.js';

function later<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (cause: unknown) => void = () => undefined;
  const promise = new Promise<T>((res, rej) => {
    [resolve, reject] = [res, rej];
  });
  return { promise, resolve, reject };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test('a change while the module loads is probed when it runs', async () => {
  const changed = vi.fn();
  const probes = createProbes(async () => 7, changed);
  probes.request();
  await settled();
  expect(changed).not.toHaveBeenCalled();
  probes.begin();
  await settled();
  expect(changed.mock.calls).toEqual([[7]]);
});

test('without a change nothing is probed', async () => {
  const probe = vi.fn(async () => 7);
  createProbes(probe, () => undefined).begin();
  await settled();
  expect(probe).not.toHaveBeenCalled();
});

test('many changes during a probe are answered by one further probe', async () => {
  const answers = [later<number>(), later<number>(), later<number>()];
  let probed = 0;
  const changed = vi.fn();
  const probes = createProbes(() => answers[probed++]?.promise ?? Promise.reject(new Error('once too often')), changed);
  probes.begin();
  probes.request();
  probes.request();
  probes.request();
  answers[0]?.resolve(1);
  await settled();
  answers[1]?.resolve(2);
  await settled();
  expect(changed.mock.calls).toEqual([[1], [2]]);
  expect(probed).toBe(2);
});

test('a probe that fails says nothing and blocks none after it', async () => {
  const probe = vi.fn<() => Promise<number>>().mockRejectedValueOnce(new Error('no')).mockResolvedValueOnce(3);
  const changed = vi.fn();
  const probes = createProbes(probe, changed);
  probes.begin();
  probes.request();
  await settled();
  expect(changed).not.toHaveBeenCalled();
  probes.request();
  await settled();
  expect(changed.mock.calls).toEqual([[3]]);
});
