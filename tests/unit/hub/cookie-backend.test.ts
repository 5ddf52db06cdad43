// The cookie as a store, against a jar that does what the worst browser does: it does not heed the prefix `__Host-`
// (measured in WebKitGTK). What real browsers do with it is shown in
// tests/engines.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openCookieBackend } from '../../../bridge-html/cookie-backend.js';
import { cookieJar } from '../../../bridge-html/cookie-jar.js';
import { namesOf } from '../../../bridge-html/names.js';
import { hubPathMax } from '../../../js-glue/cli/config.js';
import { loadHub } from './load.js';

type Changes = Record<'changed' | 'deleted', readonly { readonly name: string }[]>;
type Entry = { readonly name: string; value: string; readonly domain: string };
const keyName = '__Host-lockstep';
const mark = '~';
const bytesMax = 4096;

let jar: Entry[];
let store: EventTarget;
let isSilent: boolean;
/** What a busy browser has not reported yet. */
let held: (Event & Changes)[] | undefined;
/** The frame's own storage. */
let kept: Map<string, string>;
/** What was written last, with its attributes. */
let written: string;

function setCookie(text: string, domain = ''): void {
  written = text;
  const [pair = '', ...attributes] = text.split('; ');
  const [which = '', ...rest] = pair.split('=');
  const value = rest.join('=');
  const found = jar.find((each) => each.name === which && each.domain === domain);
  if (which.length + value.length > bytesMax) return;
  const ends = attributes.includes('Max-Age=0');
  if (ends) jar = jar.filter((each) => each !== found);
  else if (found) found.value = value;
  else jar.push({ name: which, value, domain });
  report(which, ends ? undefined : value);
}

function report(which: string, value: string | undefined): void {
  if (isSilent) return;
  const event = Object.assign(new Event('change'), {
    changed: value === undefined ? [] : [{ name: which, value }],
    deleted: value === undefined ? [{ name: which }] : [],
  });
  if (held) held.push(event);
  else queueMicrotask(() => store.dispatchEvent(event));
}

function reportHeld(): void {
  const late = held;
  held = undefined;
  for (const event of late ?? []) store.dispatchEvent(event);
}

const listener = {
  written: vi.fn<(newValue: string) => void>(),
  gone: vi.fn<(companionLeft: boolean) => void>(),
  capabilitiesChanged: vi.fn<() => void>(),
  isAbandoned: vi.fn<() => boolean>(() => false),
};
const own = 'https://hub.acme.com/';
const open = (sameSite = 'Strict', hub = own) =>
  openCookieBackend(loadHub(), namesOf(hub), cookieJar(sameSite), listener);
const reported = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  jar = [];
  store = new EventTarget();
  isSilent = false;
  held = undefined;
  kept = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  vi.clearAllMocks();
  vi.stubGlobal('cookieStore', store);
  meddle({});
});
afterEach(() => vi.unstubAllGlobals());

/** As a clearing of site data does, and as a jar that makes room. */
const clear = () => {
  kept.clear();
  evict();
};
const evict = () => {
  for (const { name } of [...jar]) setCookie(`${name}=; Max-Age=0`);
};
/** Longer than a clearing takes. */
const toldOfTheLoss = (companionLeft: boolean) =>
  vi.waitFor(() => expect(listener.gone).toHaveBeenCalledExactlyOnceWith(companionLeft), { timeout: 3_000 });
/** Nothing of one test may come in the next. */
const clearingIsOver = () => new Promise((resolve) => setTimeout(resolve, 1_010));
const keyCookies = () => jar.filter(({ name }) => name === keyName);
const keyOf = () =>
  keyCookies()
    .find(({ domain }) => domain === '')
    ?.value.replace(mark, '');
const recordName = () => `${keyName}-${keyOf()}`;
/** What a sibling host does, where the browser lets it. */
const layKey = (value = '666') => setCookie(`${keyName}=${value}; Path=/`, 'acme.com');
const takeKey = () => setCookie(`${keyName}=; Max-Age=0`, 'acme.com');
async function working(hub = own) {
  const backend = open('Strict', hub);
  expect(await backend.works()).toBe(true);
  await reported();
  vi.clearAllMocks();
  return backend;
}

/** Does something of a sibling's right before the hub looks at its cookies for the nth time. */
function meddle(acts: Readonly<Record<number, () => void>>): void {
  let looks = 0;
  vi.stubGlobal('document', {
    get cookie() {
      acts[++looks]?.();
      return jar.map(({ name, value }) => `${name}=${value}`).join('; ');
    },
    set cookie(text: string) {
      setCookie(text);
    },
  });
}

test.each(['Strict', 'None'])(
  'it works where it is written, read back and reported; it is marked narrowly, and %s',
  async (sameSite) => {
    const backend = open(sameSite);
    expect(await backend.works()).toBe(true);
    backend.setItem('lockstep', '{}');
    expect(written).toBe(`${recordName()}={}; Path=/; Max-Age=34560000; Secure; SameSite=${sameSite}`);
    expect(written).not.toMatch(/domain/i);
    expect(jar.map(({ name }) => name)).toEqual([keyName, recordName()]);
    expect(keyOf()).toMatch(/^\d{10,30}$/);
  },
);

test('nothing stored reads as nothing', async () => {
  expect((await working()).getItem('lockstep')).toBeNull();
});

test('hubs that come later find the record, though each writes the key again', async () => {
  const backend = await working();
  backend.setItem('lockstep', '{"own":1}');
  const [key, forms] = [keyOf(), new Set([keyCookies()[0]?.value])];
  for (let count = 0; count < 3; count++) {
    const later = await working();
    expect(later.getItem('lockstep')).toBe('{"own":1}');
    expect(keyOf()).toBe(key);
    forms.add(keyCookies()[0]?.value);
  }
  expect(forms.size).toBe(2);
  expect(listener.capabilitiesChanged).not.toHaveBeenCalled();
});

test('it does not work where no change is reported', async () => {
  isSilent = true;
  expect(await open().works()).toBe(false);
});

test('a change that is reported too late has the hub probe again, once', async () => {
  held = [];
  const backend = open();
  expect(await backend.works()).toBe(false);
  expect(listener.capabilitiesChanged).not.toHaveBeenCalled();
  reportHeld();
  expect(listener.capabilitiesChanged).toHaveBeenCalledOnce();
  expect(await backend.works()).toBe(true);
});

test('nor does one that is reported too late while a key is tried keep the hub apart', async () => {
  const backend = open();
  // The key is read for the first time after the first change was reported.
  meddle({ 3: () => (held = []) });
  expect(await backend.works()).toBe(false);
  expect(keyOf()).toMatch(/^\d{10,30}$/);
  expect(listener.capabilitiesChanged).not.toHaveBeenCalled();
  held = held?.filter(({ changed: [cookie] }) => cookie?.name === namesOf(own).probeCookie);
  reportHeld();
  expect(listener.capabilitiesChanged).toHaveBeenCalledOnce();
  expect(await backend.works()).toBe(true);
});

test('a deletion has no hub probe again: a browser that reports nothing else is not usable', async () => {
  held = [];
  expect(await open().works()).toBe(false);
  held = held.filter(({ deleted }) => deleted.length > 0);
  expect(held).toHaveLength(1);
  reportHeld();
  expect(listener.capabilitiesChanged).not.toHaveBeenCalled();
});

test("hubs that find another host's cookie beside the probe's do so once, and again when it is gone", async () => {
  const probe = namesOf(own).probeCookie;
  setCookie(`${probe}=1; Path=/`, 'acme.com');
  const backends = [open(), open()];
  for (const backend of backends) expect(await backend.works()).toBe(false);
  await reported();
  expect(listener.capabilitiesChanged).not.toHaveBeenCalled();
  setCookie(`${probe}=; Max-Age=0`, 'acme.com');
  await reported();
  expect(listener.capabilitiesChanged).toHaveBeenCalledTimes(2);
  for (const backend of backends) expect(await backend.works()).toBe(true);
});

test('it does not work where nothing can be written', async () => {
  vi.stubGlobal('document', { cookie: '' });
  expect(await open().works()).toBe(false);
});

test('it works where the first write after listening is not shown or reported, as in WebKit at times', async () => {
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

test.each(['666', `666${mark}`, '', mark])(
  "a key '%s' that another host has put there before is not believed: the hub's own makes it two",
  async (key) => {
    layKey(key);
    await reported();
    const backend = open();
    expect(await backend.works()).toBe(false);
    // Nor is there a copy of it that would be believed when the other host has taken it away.
    takeKey();
    await reported();
    expect(listener.capabilitiesChanged).toHaveBeenCalled();
    expect(await backend.works()).toBe(true);
    expect(keyOf()).toMatch(/^\d{10,30}$/);
  },
);

test('a key that another host takes away while the hub looks is not believed when it comes again', async () => {
  layKey();
  await reported();
  // Gone when the hub looks whether its own has made it two, and back when another change has been reported.
  meddle({ 4: takeKey, 6: layKey });
  expect(await open().works()).toBe(false);
  takeKey();
  expect(keyOf()).toMatch(/^\d{10,30}$/);
});

test("the hubs' key stays when another host puts one beside it while it is tried", async () => {
  await working();
  const key = keyOf();
  meddle({ 4: layKey });
  expect(await open().works()).toBe(false);
  expect(keyOf()).toBe(key);
});

test('a key that another host puts beside it changes nothing for a hub that knows its own', async () => {
  const backend = await working();
  backend.setItem('lockstep', '{"own":1}');
  layKey();
  setCookie(`${keyName}-666={"forged":1}; Path=/`, 'acme.com');
  await reported();
  expect(await backend.works()).toBe(true);
  takeKey();
  await reported();
  expect(listener.written).not.toHaveBeenCalled();
  expect(backend.getItem('lockstep')).toBe('{"own":1}');
  // One that comes meanwhile does not know it.
  layKey();
  expect(await open().works()).toBe(false);
});

test('when the user has deleted all, what is stored next brings the key back', async () => {
  const backend = await working();
  backend.setItem('lockstep', '{"own":1}');
  await reported();
  clear();
  await toldOfTheLoss(false);
  expect(listener.written).not.toHaveBeenCalled();
  backend.setItem('lockstep', '{"own":2}');
  expect((await working()).getItem('lockstep')).toBe('{"own":2}');
});

test('when the user has deleted all, a hub that probes again keeps its key', async () => {
  const backend = await working();
  const key = keyOf();
  clear();
  await reported();
  expect(await backend.works()).toBe(true);
  expect(keyOf()).toBe(key);
  await clearingIsOver();
  expect(listener.gone).not.toHaveBeenCalled();
});

test('a hub that has begun anew meanwhile is followed, and nothing stays under the old key', async () => {
  const backend = await working();
  backend.setItem('lockstep', '{"own":1}');
  const before = recordName();
  setCookie(`${keyName}=7777777777; Path=/`);
  await reported();
  expect(listener.capabilitiesChanged).toHaveBeenCalled();
  expect(await backend.works()).toBe(true);
  await reported();
  expect(backend.getItem('lockstep')).toBeNull();
  expect(jar.map(({ name }) => name)).not.toContain(before);
  expect(listener.written).not.toHaveBeenCalled();
});

test('K6.4: a record that the jar drops to make room was not cleared, and its key comes back', async () => {
  const backend = await working();
  backend.setItem('lockstep', 'own');
  const key = keyOf();
  evict();
  await toldOfTheLoss(true);
  backend.setItem('lockstep', 'own');
  expect(keyOf()).toBe(key);
  expect(listener.written).not.toHaveBeenCalled();
});

test('K6.4: what comes again before a clearing must be over is no loss', async () => {
  const backend = await working();
  backend.setItem('lockstep', 'own');
  await reported();
  const name = recordName();
  evict();
  await reported();
  setCookie(`${name}=theirs; Path=/`);
  // Without its key no other hub would find it.
  await vi.waitFor(() => expect(keyOf()).toBeDefined(), { timeout: 3_000 });
  expect(listener.gone).not.toHaveBeenCalled();
  expect(listener.written).toHaveBeenCalledExactlyOnceWith('theirs');
});

test('K6.4: a tab that opens while the user clears does not make a loss of it', async () => {
  const backend = await working();
  backend.setItem('lockstep', 'own');
  await reported();
  clear();
  await reported();
  kept.set(namesOf(own).companion, '1');
  await toldOfTheLoss(false);
});

test('what is too large is refused, and what was there stays', async () => {
  const backend = await working();
  backend.setItem('lockstep', '{"small":1}');
  expect(() => backend.setItem('lockstep', `{"large":"${'x'.repeat(bytesMax)}"}`)).toThrow('too large');
  expect(backend.getItem('lockstep')).toBe('{"small":1}');
});

test('the longest text has room, whatever the hub is called', async () => {
  // tests/native/codec/record_test.cpp: cookie_value_bytes_max.
  const text = 'c'.repeat(bytesMax - 16 - 30 - 3 * (hubPathMax + 6));
  const longest = `https://hub.acme.com:65535${'/a'.repeat(hubPathMax / 2 - 1)}a/`;
  const backend = await working(longest);
  backend.setItem('lockstep', text);
  expect(backend.getItem('lockstep')).toBe(text);
});

test("others' writes are reported, its own are not, and the loss", async () => {
  const backend = await working();
  backend.setItem('lockstep', '{"own":1}');
  await reported();
  expect(listener.written).not.toHaveBeenCalled();
  setCookie(`${recordName()}={"theirs":1}; Path=/`);
  await reported();
  expect(listener.written).toHaveBeenLastCalledWith('{"theirs":1}');
  setCookie('other=1');
  setCookie(`${recordName()}=; Max-Age=0`);
  await toldOfTheLoss(true);
  expect(listener.written).toHaveBeenCalledTimes(1);
});

test('a text that this hub wrote once and another hub writes again is reported', async () => {
  const backend = await working();
  backend.setItem('lockstep', '{"own":1}');
  await reported();
  setCookie(`${recordName()}={"theirs":1}; Path=/`);
  await reported();
  setCookie(`${recordName()}={"own":1}; Path=/`);
  await reported();
  expect(listener.written.mock.calls).toEqual([['{"theirs":1}'], ['{"own":1}']]);
});

test.each([
  ['at a path', 'https://hub.acme.com/staging/'],
  ['at a path that looks like the name of a cookie', 'https://hub.acme.com/-probe/'],
  ['on a port', 'https://hub.acme.com:8443/'],
  ['on the port of http', 'http://hub.acme.com/'],
])('another hub of the host, %s, has a record of its own, and its changes are nothing here', async (_, hub) => {
  const backend = await working();
  backend.setItem('lockstep', '{"own":1}');
  await reported();
  const other = openCookieBackend(loadHub(), namesOf(hub), cookieJar('Strict'), {
    written: vi.fn(),
    gone: vi.fn(),
    capabilitiesChanged: vi.fn(),
    isAbandoned: () => false,
  });
  expect(await other.works()).toBe(true);
  expect(other.getItem('lockstep')).toBeNull();
  other.setItem('lockstep', '{"theirs":1}');
  await reported();
  const theirs = jar.filter(({ name }) => name !== keyName && name !== recordName());
  expect(theirs).toHaveLength(2);
  for (const { name } of theirs) setCookie(`${name}=; Max-Age=0`);
  await reported();
  expect(await backend.works()).toBe(true);
  expect(backend.getItem('lockstep')).toBe('{"own":1}');
  expect(listener.written).not.toHaveBeenCalled();
  expect(listener.capabilitiesChanged).not.toHaveBeenCalled();
  await clearingIsOver();
});

test('a key that another host puts there for another hub changes nothing', async () => {
  const { keyCookie, recordCookie } = namesOf('https://hub.acme.com/staging/');
  setCookie(`${keyCookie}=666; Path=/`, 'acme.com');
  setCookie(`${recordCookie('666')}={"forged":1}; Path=/`, 'acme.com');
  await reported();
  expect((await working()).getItem('lockstep')).toBeNull();
});

test('K6.1: a cookie that is abandoned leaves no record, and is no clear for whoever is still in it', async () => {
  const backend = await working();
  backend.setItem('lockstep', '{"own":1}');
  // One that a hub wrote which knew an earlier key; one of another hub of the host; and one that only looks alike.
  const others = [`${keyName}-7%2Fstaging`, `${keyName}-store`];
  for (const name of [`${keyName}-123`, ...others]) setCookie(`${name}={}; Path=/`);
  await reported();
  vi.clearAllMocks();
  await open().abandon();
  await reported();
  expect(jar.map(({ name }) => name).sort()).toEqual([keyName, ...others].sort());
  expect(listener.written).not.toHaveBeenCalled();
  expect(listener.capabilitiesChanged).toHaveBeenCalled();
});

test('K6.1: a record that is gone after others have gone to another store was not cleared', async () => {
  const backend = await working();
  backend.setItem('lockstep', '{"own":1}');
  await reported();
  vi.clearAllMocks();
  listener.isAbandoned.mockReturnValueOnce(true);
  setCookie(`${recordName()}=; Max-Age=0; Path=/`);
  await reported();
  expect(listener.written).not.toHaveBeenCalled();
  expect(listener.capabilitiesChanged).toHaveBeenCalledOnce();
});

test('K6.1: a record that hubs without a handle have left is found, and nothing is written for that', async () => {
  (await working()).setItem('lockstep', 'theirs');
  const [key, last] = [keyCookies()[0]?.value, written];
  const later = open();
  expect(await later.findsRecord()).toBe(true);
  expect(later.getItem('lockstep')).toBe('theirs');
  expect([keyCookies()[0]?.value, written]).toEqual([key, last]);
  await open().abandon();
  expect(await open().findsRecord()).toBe(false);
});

test('where no hub has used a cookie, none is written to abandon it', async () => {
  await open().abandon();
  expect(jar).toEqual([]);
});
