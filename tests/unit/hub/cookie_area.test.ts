// The cookie as a store, against a jar that does what the worst browser does: it does not heed the prefix `__Host-`, and cuts a value off where
// it is not ASCII (both measured in WebKitGTK). What real browsers do with it is shown in tests/engines.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openCookieArea } from '../../../bridge-html/cookie_area.js';

type Entry = { readonly name: string; value: string; readonly domain: string };
const name = '__Host-lockstep';
const bytesMax = 4096;

let jar: Entry[];
let store: EventTarget;
let deaf: boolean;
/** What was written last, with its attributes. */
let written: string;

function setCookie(text: string, domain = ''): void {
  written = text;
  const [pair = '', ...attributes] = text.split('; ');
  const [which = '', ...rest] = pair.split('=');
  const value = /^[\x20-\x7e]*/.exec(rest.join('='))?.[0].split(';')[0] ?? '';
  const found = jar.find((each) => each.name === which && each.domain === domain);
  if (which.length + value.length > bytesMax) return;
  const ends = attributes.includes('Max-Age=0');
  if (ends) jar = jar.filter((each) => each !== found);
  else if (found) found.value = value;
  else jar.push({ name: which, value, domain });
  tell(which, ends ? undefined : value);
}

function tell(which: string, value: string | undefined): void {
  if (deaf) return;
  const event = Object.assign(new Event('change'), {
    changed: value === undefined ? [] : [{ name: which, value }],
    deleted: value === undefined ? [{ name: which }] : [],
  });
  queueMicrotask(() => store.dispatchEvent(event));
}

const listener = { written: vi.fn<(newValue: string | null) => void>(), moved: vi.fn<() => void>() };
const open = (sameSite = 'Strict') => openCookieArea(sameSite, listener);
const told = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  jar = [];
  store = new EventTarget();
  deaf = false;
  vi.clearAllMocks();
  vi.stubGlobal('cookieStore', store);
  vi.stubGlobal('document', {
    get cookie() {
      return jar.map(({ name, value }) => `${name}=${value}`).join('; ');
    },
    set cookie(text: string) {
      setCookie(text);
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

test.each(['Strict', 'None'])(
  'it works where it is written, read back and heard; it is marked narrowly, and %s',
  async (sameSite) => {
    const area = open(sameSite);
    expect(await area.works()).toBe(true);
    area.setItem('lockstep', '{}');
    expect(written).toBe(`__Host-lockstep={}~; Path=/; Max-Age=34560000; Secure; SameSite=${sameSite}`);
    expect(written).not.toMatch(/domain/i);
    expect(jar.map((each) => each.name)).toEqual([name]);
  },
);

test('nothing stored is a cookie of its own all the same, and reads as nothing', async () => {
  const area = open();
  await area.works();
  expect(jar).toEqual([{ name, value: '-~', domain: '' }]);
  expect(area.getItem('lockstep')).toBeNull();
});

test('it does not work where nobody hears of a change', async () => {
  deaf = true;
  expect(await open().works()).toBe(false);
});

test('it does not work where nothing can be written', async () => {
  vi.stubGlobal('document', { cookie: '' });
  expect(await open().works()).toBe(false);
});

test('it works where the first write after listening is neither shown nor told, as WebKit does now and then', async () => {
  let writes = 0;
  vi.stubGlobal('document', {
    get cookie() {
      return jar.map(({ name, value }) => `${name}=${value}`).join('; ');
    },
    set cookie(text: string) {
      if (writes++ > 0) setCookie(text);
    },
  });
  expect(await open().works()).toBe(true);
});

test("what another host has put there before is not believed: the hub's own makes it two", async () => {
  setCookie(`${name}={"forged":1}; Path=/`, 'acme.com');
  const area = open();
  expect(await area.works()).toBe(false);
  // Nor is there a copy of it that would be believed when the other host has taken it away.
  expect(jar).toContainEqual({ name, value: '-', domain: '' });
  setCookie(`${name}=; Max-Age=0`, 'acme.com');
  await told();
  expect(area.getItem('lockstep')).toBeNull();
  expect(listener.moved).toHaveBeenCalled();
  expect(await area.works()).toBe(true);
});

test('what another host has put there and takes away while the hub looks is not believed when it comes again', async () => {
  const forge = (attributes = 'Path=/') => setCookie(`${name}={"forged":1}; ${attributes}`, 'acme.com');
  forge();
  await told();
  let looks = 0;
  vi.stubGlobal('document', {
    get cookie() {
      // Gone when the hub looks whether its own has made it two, and back when it tries the probe again.
      if (++looks === 4) forge('Max-Age=0');
      if (looks === 5) forge();
      return jar.map(({ name, value }) => `${name}=${value}`).join('; ');
    },
    set cookie(text: string) {
      setCookie(text);
    },
  });
  expect(await open().works()).toBe(false);
  expect(jar).toContainEqual({ name, value: '-', domain: '' });
});

test("a hub's own stays when another host puts one beside it while it is tried", async () => {
  const area = open();
  await area.works();
  area.setItem('lockstep', '{"own":1}');
  let looks = 0;
  vi.stubGlobal('document', {
    get cookie() {
      if (++looks === 4) setCookie(`${name}={"forged":1}; Path=/`, 'acme.com');
      return jar.map(({ name, value }) => `${name}=${value}`).join('; ');
    },
    set cookie(text: string) {
      setCookie(text);
    },
  });
  expect(await area.works()).toBe(false);
  setCookie(`${name}=; Max-Age=0`, 'acme.com');
  expect(area.getItem('lockstep')).toBe('{"own":1}');
});

test('what another host puts beside it is not believed, and told as a change of place', async () => {
  const area = open();
  await area.works();
  area.setItem('lockstep', '{"own":1}');
  await told();
  setCookie(`${name}={"forged":1}; Path=/`, 'acme.com');
  await told();
  expect(listener.moved).toHaveBeenCalledOnce();
  expect(listener.written).not.toHaveBeenCalledWith('{"forged":1}');
  expect(() => area.getItem('lockstep')).toThrow('not the only one');
  expect(await area.works()).toBe(false);

  setCookie(`${name}=; Max-Age=0`, 'acme.com');
  await told();
  expect(listener.moved).toHaveBeenCalledTimes(2);
  expect(await area.works()).toBe(true);
  expect(area.getItem('lockstep')).toBe('{"own":1}');
});

test('what another host puts beside it and takes away again before anybody looks is never told', async () => {
  const area = open();
  await area.works();
  area.setItem('lockstep', '{"own":1}');
  await told();
  setCookie(`${name}={"forged":1}; Path=/`, 'acme.com');
  setCookie(`${name}=; Max-Age=0`, 'acme.com');
  await told();
  expect(listener.written).not.toHaveBeenCalled();
  expect(area.getItem('lockstep')).toBe('{"own":1}');
});

test.each([
  ['a semicolon, an equals sign and a tilde', '{"a":"b;c=d~ e"}', '{"a":"b\\u003bc=d\\u007e e"}'],
  ['letters of all the world', '{"name":"Ж漢😀é\u007f"}', '{"name":"\\u0416\\u6f22\\ud83d\\ude00\\u00e9\\u007f"}'],
])('%s are kept, as JSON has it', (_, text, kept) => {
  const area = open();
  area.setItem('lockstep', text);
  expect(area.getItem('lockstep')).toBe(kept);
  expect(JSON.parse(kept)).toEqual(JSON.parse(text));
});

test('what is too large is refused, and what was there stays', () => {
  const area = open();
  area.setItem('lockstep', '{"small":1}');
  expect(() => area.setItem('lockstep', `{"large":"${'x'.repeat(bytesMax)}"}`)).toThrow('too large');
  expect(area.getItem('lockstep')).toBe('{"small":1}');
});

test('the largest record in ASCII has room', () => {
  const text = JSON.stringify({ claims: 'c'.repeat(2048), subject: 's'.repeat(256), sessionId: 'i'.repeat(256) });
  const rest = `{"format":1,"born":[1125899906842624,"${'w'.repeat(16)}"],"version":[1125899906842624,"${'w'.repeat(16)}"],"signedInAt":8640000000000000,"expiresAt":8640000000000000,"checkAt":8640000000000000,"activeAt":8640000000000000,"duty":{"epoch":[1125899906842624,"${'w'.repeat(16)}"],"state":"claimed","at":8640000000000000,"failures":1000}}`;
  const area = open();
  area.setItem('lockstep', text + rest);
  expect(area.getItem('lockstep')).toBe(text + rest);
});

test("others' writes are told, its own are not; what is gone is told as null, what stands for nothing is not", async () => {
  const area = open();
  await area.works();
  area.setItem('lockstep', '{"own":1}');
  await told();
  expect(listener.written).not.toHaveBeenCalled();
  setCookie(`${name}={"theirs":1}; Path=/`);
  await told();
  expect(listener.written).toHaveBeenLastCalledWith('{"theirs":1}');
  setCookie(`${name}=; Max-Age=0`);
  await told();
  expect(listener.written).toHaveBeenLastCalledWith(null);
  setCookie(`${name}=-~; Path=/`);
  await told();
  expect(listener.written).toHaveBeenLastCalledWith('-');
  setCookie('other=1');
  await told();
  expect(listener.written).toHaveBeenCalledTimes(3);
});
