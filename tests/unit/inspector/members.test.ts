// @vitest-environment happy-dom
// Every member of a snapshot that says something of the user, or a time, is shown. The list: inspector/members.ts.

import { afterEach, expect, test, vi } from 'vitest';
import { mountInspector } from '../../../js-glue/inspector/index.js';
import { memberKinds } from '../../../js-glue/inspector/members.js';
import { timelineView } from '../../../js-glue/inspector/timeline-view.js';
import { timeOf } from '../../../js-glue/inspector/words.js';
import { createTestSession } from '../../../js-glue/testing/index.js';

afterEach(() => document.body.replaceChildren());

const at = (index: number) => Date.UTC(2040, 0, 1, 0, 0, index, index);
const shown = Object.entries(memberKinds)
  .map(([name, kind], index) => {
    if (/At$/.test(name)) return [name, at(index), timeOf(at(index))] as const;
    if (kind === 'claims') return [name, { name: `of ${name}` }, `of ${name}`] as const;
    return kind === 'public' ? undefined : ([name, `of ${name}`, `of ${name}`] as const);
  })
  .filter((each) => each !== undefined);

test.each(shown)('the state shows %s', async (name, value, text) => {
  const session = createTestSession();
  session.signIn({ [name]: value });
  const unmount = mountInspector(session, { parent: document.body });
  const root = document.querySelector('lockstep-inspector')?.shadowRoot;
  await vi.waitFor(() => expect(root?.querySelector('dl')?.textContent).toContain(text));
  unmount();
});

test.each(shown)('the timeline shows %s in words', (name, value, text) => {
  const members = { [name]: value };
  expect(timelineView([{ at: 0, kind: 'snapshot', name: 'signed-in', members }]).textContent).toContain(text);
});
