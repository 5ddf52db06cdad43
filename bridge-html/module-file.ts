// Fetches and compiles the module. What stands in the way is either its file (gone, or never there) or the browser, which refuses
// WebAssembly; whoever reads of it must be told which, since only the hub's owner can mend the one, and only the policy the other.

/** The first bytes of every module: `\0asm`. */
const magic = 0x0061736d;

/** The same mode and credentials as the page's preload link has, or the browser would fetch the file twice. */
export async function compiledModule(url: string): Promise<WebAssembly.Module> {
  const kept = await fetch(url);
  // Some servers say that it may be kept for good even when it is missing.
  const response = kept.ok ? kept : await fetch(url, { cache: 'reload' });
  if (!response.ok) throw new TypeError(`${url}: ${response.status}`);
  // Not every host knows the type, and without it a browser refuses to compile what it streams.
  if (response.headers.get('content-type')?.toLowerCase() === 'application/wasm')
    return WebAssembly.compileStreaming(response);
  const bytes = await response.arrayBuffer();
  if (bytes.byteLength < 8 || new DataView(bytes).getUint32(0) !== magic) throw new TypeError(`${url} is no module.`);
  return WebAssembly.compile(bytes);
}

/** `fetch` fails with a TypeError, and so does a stream that breaks off. An engine that refuses has errors of its own. */
export function isMissing(cause: unknown): boolean {
  return cause instanceof TypeError;
}
