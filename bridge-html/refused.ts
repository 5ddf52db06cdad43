// When no module runs, nobody is there to decide about origins. So that the app's developer learns why, the page
// answers with a constant text, and only to an origin that is in the allow-list (PROTOCOL.md §1).

const messages = {
  'wasm-refused': 'Neither WebAssembly nor its fallback runs here: deploy the whole folder of lockstep build.',
  'hub-failed': "The hub's script has failed: its console says why.",
  'rate-limited': 'Too many hubs run in this tab, or too many frames.',
} as const;

export type Refusal = keyof typeof messages;

export function goodbye(code: Refusal): string {
  return JSON.stringify({ type: 'goodbye', error: { code, message: messages[code] } });
}

/** An app asks once; whoever goes on is not worth an answer. */
const answersMax = 16;
let answers = 0;

export function answerRefused({ source, origin, ports: [port] }: MessageEvent, code: Refusal, config: string): void {
  if (source !== window.parent || answers === answersMax || !port || !isListed(origin, config)) return;
  answers++;
  port.postMessage(goodbye(code));
  port.close();
}

/** As the core has it: literally, or with `*` for the first label. A browser writes every origin in one way. */
export function isListed(origin: string, config: string): boolean {
  const names = [origin, origin.replace(/^(https?:\/\/)[a-z\d-]+\./, '$1*.')];
  try {
    const { apps }: { apps: readonly { readonly origin: string }[] } = JSON.parse(config);
    return !origin.includes('*') && apps.some((app) => names.includes(app.origin));
  } catch {
    return false; // a configuration that cannot be read lists nobody
  }
}
