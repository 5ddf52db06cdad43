// Where WebAssembly does not run (switched off in the browser, or forbidden by a policy that is not the build's), the
// same module comes as plain JavaScript, made from the same sources, in the one file beside the page. The page's policy
// allows it by its hash, and names no other file; so what comes from another build, or is missing, is refused.

import type { HubModule, HubModuleMaker } from '#hub-module';

declare const lockstepFallback: { readonly default: HubModuleMaker };

/** `integrity`: what the page says of the file. Rejects where the file is missing or another one. */
export async function loadFallback(hubUrl: string, integrity: string): Promise<HubModule> {
  const script = document.createElement('script');
  script.integrity = integrity;
  // Its own address for each build, so that no cache gives a page the file of another.
  script.src = new URL(`hub-fallback.js?${encodeURIComponent(integrity)}`, hubUrl).href;
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => reject(new Error('hub-fallback.js is missing, or of another build.'));
    document.head.append(script);
  });
  return lockstepFallback.default({});
}
