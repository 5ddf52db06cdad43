// @vitest-environment happy-dom
// The bridge to the Vue DevTools, over the API that their own kit gives to a plugin once the DevTools are open.

import type { setupDevtoolsPlugin } from '@vue/devtools-api';
import {
  callDevToolsPluginSetupFn,
  devtoolsContext,
  type PluginDescriptor,
  setActiveAppRecord,
  toggleHighPerfMode,
} from '@vue/devtools-kit';
import { createTestSession } from 'lockstep/testing';
import { expect, test, vi } from 'vitest';
import { createApp } from 'vue';
import { connectVueDevtools } from '../../../js-glue/inspector/index.js';

const { hooks, api } = devtoolsContext;
const app = createApp({});
setActiveAppRecord({ app } as never);
toggleHighPerfMode(false); // which it has until it is opened

/** What the DevTools do with a plugin when they are opened. */
const open: typeof setupDevtoolsPlugin = (descriptor, setup) =>
  callDevToolsPluginSetupFn([descriptor, setup], descriptor.app);

/** The titles of the events, from now on. */
function recordTitles(): string[] {
  const titles: string[] = [];
  hooks.hook(
    'timelineEventAdded' as never,
    ((added: { options: { event: { title: string } } }) => {
      titles.push(added.options.event.title);
    }) as never,
  );
  return titles;
}

test('the snapshot is in an inspector, and what happens is in a layer of the timeline, until it is ended', async () => {
  const session = createTestSession();
  const [inspectors, layers] = [vi.fn(), vi.fn()];
  hooks.hook('addInspector' as never, inspectors as never);
  hooks.hook('timelineLayerAdded' as never, layers as never);
  const end = connectVueDevtools(session, { app, setupDevtoolsPlugin: open });
  const titles = recordTitles();
  await vi.waitFor(() => expect(layers).toHaveBeenCalled());
  expect(inspectors.mock.calls[0]?.[0].inspector).toMatchObject({ id: 'lockstep', label: 'Lockstep' });

  session.signIn({ subject: 'ada' });
  await vi.waitFor(() => expect(titles).toContain('event login'));
  const tree = await api.getInspectorTree({ inspectorId: 'lockstep', filter: '' });
  expect(tree).toEqual([{ id: 'lockstep', label: 'snapshot' }]);
  const shown = await api.getInspectorState({ inspectorId: 'lockstep', nodeId: 'lockstep' });
  expect(shown).toEqual({
    snapshot: expect.arrayContaining([
      { key: 'status', value: 'signed-in', editable: false },
      { key: 'subject', value: 'ada', editable: false },
    ]),
  });

  end();
  const count = titles.length;
  session.signOut();
  expect(titles).toHaveLength(count);
});

test('where the DevTools are opened after the end, nothing is shown', () => {
  let opened: ((api: never) => void) | undefined;
  const later = (_: PluginDescriptor, setup: (api: never) => void) => {
    opened = setup;
  };
  connectVueDevtools(createTestSession(), { app, setupDevtoolsPlugin: later as typeof setupDevtoolsPlugin })();
  // Everything that it would call is missing.
  expect(() => opened?.({} as never)).not.toThrow();
});
