// When the module cannot run, nobody is there to decide about origins. So that the app's developer learns why, the page
// answers with a constant text, and only to an origin that is literally in the allow-list (PROTOCOL.md §1).

const goodbye = {
  type: 'goodbye',
  error: {
    code: 'wasm-refused',
    message: 'The browser refuses WebAssembly here. Serve the hub with the policy that lockstep build wrote.',
  },
} as const;

export function answerRefused(event: MessageEvent, configText: string): void {
  const port = event.ports[0];
  if (event.source !== window.parent || !port || !listedOrigins(configText).includes(event.origin)) return;
  port.postMessage(JSON.stringify(goodbye));
  port.close();
}

function listedOrigins(configText: string): readonly string[] {
  const config: { apps?: readonly { origin?: string }[] } = JSON.parse(configText);
  return (config.apps ?? []).flatMap(({ origin }) => (origin && !origin.includes('*') ? [origin] : []));
}
