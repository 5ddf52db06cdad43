// When the browser refuses to run WebAssembly, nobody is there to decide about origins. So that the app's developer learns why,
// the page answers with one constant text, and only to an origin that stands literally in the allow-list (PROTOCOL.md §1).

const goodbye = JSON.stringify({
  type: 'goodbye',
  error: {
    code: 'wasm-refused',
    message:
      "The browser refused to run the hub's WebAssembly. Check that the hub is served with the Content-Security-Policy that lockstep build wrote.",
  },
});

export function answerRefused(event: MessageEvent, configText: string): void {
  const port = event.ports[0];
  if (event.source !== window.parent || !port || !listedOrigins(configText).includes(event.origin)) return;
  port.postMessage(goodbye);
  port.close();
}

function listedOrigins(configText: string): readonly string[] {
  const config: { apps?: readonly { origin?: string }[] } = JSON.parse(configText);
  return (config.apps ?? []).flatMap(({ origin }) => (origin && !origin.includes('*') ? [origin] : []));
}
