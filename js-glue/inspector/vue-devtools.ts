// The session in the Vue DevTools: an inspector with the snapshot, and a layer of the timeline with what happens.
// https://devtools.vuejs.org/plugins/api

import type { Session } from 'lockstep';
import { followEntries, plain } from './timeline.js';

type Fields = { key: string; value: unknown; editable?: boolean }[];
type InspectorRequest = { readonly inspectorId: string };

/** As much of the DevTools' API as is used here. */
type VueDevtoolsApi = {
  readonly addInspector: (options: { id: string; label: string; icon: string }) => void;
  readonly sendInspectorState: (inspectorId: string) => void;
  readonly addTimelineLayer: (options: { id: string; label: string; color: number }) => void;
  readonly addTimelineEvent: (options: {
    layerId: string;
    event: { time: number; title: string; subtitle: string; data: Record<string, unknown> };
  }) => void;
  readonly now: () => number;
  readonly on: {
    readonly getInspectorTree: (
      handler: (request: InspectorRequest & { rootNodes: { id: string; label: string }[] }) => void,
    ) => void;
    readonly getInspectorState: (
      handler: (request: InspectorRequest & { state: Record<string, Fields> }) => void,
    ) => void;
  };
};

export type VueDevtoolsOptions<App> = {
  /** Of `createApp`. */
  readonly app: App;
  /** Of `@vue/devtools-api`, which this package does not bring along. */
  readonly setupDevtoolsPlugin: (
    descriptor: { id: string; label: string; packageName: string; app: App },
    setup: (api: VueDevtoolsApi) => void,
  ) => void;
  /** What the session is called there; another one for each session. Default: Lockstep. */
  readonly name?: string;
};

/**
 * Shows the session in the Vue DevTools, with its snapshots and session events from now on. Returns the function that
 * ends it; the DevTools keep what they have. Where there are no DevTools it does nothing. They see what this page may
 * see, subject and claims included.
 */
export function connectVueDevtools<App>(
  session: Session,
  { app, setupDevtoolsPlugin, name = 'Lockstep' }: VueDevtoolsOptions<App>,
): () => void {
  const id = name.toLowerCase();
  let stop: (() => void) | undefined;
  let hasEnded = false;
  setupDevtoolsPlugin({ id, label: name, packageName: 'lockstep', app }, (api) => {
    if (hasEnded) return; // the DevTools are opened later
    api.addInspector({ id, label: name, icon: 'lock' });
    api.on.getInspectorTree((request) => {
      if (request.inspectorId === id) request.rootNodes = [{ id, label: 'snapshot' }];
    });
    api.on.getInspectorState((request) => {
      if (request.inspectorId === id) request.state = { snapshot: fieldsOf(session) };
    });
    api.addTimelineLayer({ id, label: name, color: 0x2f6f4f });
    stop = followEntries(session, ({ kind, name: title, cause = '', members }) => {
      api.addTimelineEvent({
        layerId: id,
        event: { time: api.now(), title: `${kind} ${title}`, subtitle: cause, data: { ...members } },
      });
      api.sendInspectorState(id);
    });
  });
  return () => {
    hasEnded = true;
    stop?.();
  };
}

function fieldsOf(session: Session): Fields {
  const members = plain(session.getSnapshot());
  return Object.entries(members).map(([key, value]) => ({ key, value, editable: false }));
}
