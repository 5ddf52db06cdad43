// Reads what the browser says about where the hub stands. wasm/core/scope.cpp makes of it what it can prove.

import type { Placement } from '#hub-module';

export function placementOf(hubWindow: Window & typeof globalThis, storageAccess: boolean | null): Placement {
  const { ancestorOrigins } = hubWindow.location;
  return {
    hubOrigin: hubWindow.location.origin,
    parentIsTop: hubWindow.parent === hubWindow.top,
    ancestorOrigins: ancestorOrigins ? Array.from(ancestorOrigins) : null,
    storageAccess,
  };
}

/** Null where the engine cannot tell: an insecure context always says no, which proves nothing. */
export async function storageAccessOf(hubDocument: Document): Promise<boolean | null> {
  if (!isSecureContext || !hubDocument.hasStorageAccess) return null;
  return hubDocument.hasStorageAccess().catch(() => null);
}
