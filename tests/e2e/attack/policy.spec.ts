// What a script that got into the hub's document could do: the Content-Security-Policy that the command line writes is
// the second wall, after an origin that shows nothing and takes in nothing.

import { expect, hubBelow, test } from './attacks.js';

declare const attempts: { readonly ran?: string; readonly outcomes: string[]; readonly directives: string[] };

/** Runs in the hub's document. */
function breakIn(elsewhere: string): void {
  const outcomes: string[] = [];
  const directives: string[] = [];
  Object.assign(window, { attempts: { outcomes, directives } });
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => directives.push(effectiveDirective));
  const insert = (name: string, attributes: object) =>
    document.body.appendChild(Object.assign(document.createElement(name), attributes));

  insert('script', { textContent: 'attempts.ran = "inline"' });
  insert('script', { src: `${elsewhere}/app.js` });
  insert('img', { src: `${elsewhere}/leak` });
  insert('iframe', { src: elsewhere });
  insert('style', { textContent: 'body { background: url(/leak) }' });
  insert('base', { href: elsewhere });
  (insert('form', { action: elsewhere, method: 'post' }) as HTMLFormElement).submit();
  // Its own server, which only a hub with `check.url` may ask, and somebody else's.
  for (const url of ['/plain', elsewhere]) {
    fetch(url).then(
      () => outcomes.push(`fetched ${url}`),
      () => outcomes.push('fetch refused'),
    );
  }
  // In a task of its own: what a test evaluates itself is free to use eval.
  setTimeout(() => {
    try {
      // biome-ignore lint/security/noGlobalEval: the test shows that the policy refuses it.
      outcomes.push(globalThis.eval('"evaluated"'));
    } catch {
      outcomes.push('eval refused');
    }
  });
}

test('the built policy lets the hub run its own script and nothing else', async ({ world, bystanders }) => {
  const hub = await hubBelow(bystanders.tabs[0], world);
  await hub.evaluate(breakIn, world.origin('evil.localhost'));
  await expect
    .poll(() => hub.evaluate(() => [...new Set(attempts.directives)].sort()))
    .toEqual([
      'base-uri',
      'connect-src',
      'form-action',
      'frame-src',
      'img-src',
      'script-src',
      'script-src-elem',
      'style-src-elem',
    ]);
  await expect
    .poll(() => hub.evaluate(() => [...attempts.outcomes].sort()))
    .toEqual(['eval refused', 'fetch refused', 'fetch refused']);
  expect(await hub.evaluate(() => attempts.ran)).toBeUndefined();
  await bystanders.unharmed();
});
