// What runs in the browser, in a page that stands where an app would: joins the hub with the client of this package, as
// an app does, and tells the doctor how that went. Bundled into a file of its own. Says nothing to the hub but hello.

import { connect } from '../../client/index.js';

export type ProbeSettings = { readonly hub: string; readonly timeoutMs: number };

export type Probed =
  | {
      readonly welcome: true;
      readonly ms: number;
      readonly scope: string;
      readonly medium: string;
      /** The hub's version, as its welcome says it. */
      readonly version: string;
    }
  | { readonly welcome: false; readonly ms: number; readonly code: string; readonly message: string };

// Given to the page by the doctor.
declare const lockstepDoctor: (text: string) => void;

const { hub, timeoutMs }: ProbeSettings = JSON.parse(document.getElementById('settings')?.textContent ?? '{}');
const began = performance.now();
const report = (probed: Probed) => lockstepDoctor(JSON.stringify(probed));
const elapsed = () => Math.round(performance.now() - began);

// The client keeps the hub's version to itself.
let version = '';
const Channel = MessageChannel;
Object.assign(window, {
  MessageChannel: function heardChannel() {
    const channel = new Channel();
    channel.port1.addEventListener('message', ({ data }) => {
      const message: { readonly type: string; readonly hub?: string } = JSON.parse(data);
      if (message.type === 'welcome') version = message.hub ?? '';
    });
    return channel;
  },
});

connect({ hub, timeoutMs, activity: false }).ready.then(
  ({ scope, medium }) => report({ welcome: true, ms: elapsed(), scope, medium, version }),
  ({ code, message }) => report({ welcome: false, ms: elapsed(), code, message }),
);
