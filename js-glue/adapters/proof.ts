// "Nobody is signed in" is believed only where the same way of asking has found somebody before. From a hidden frame,
// where the browser keeps the provider's cookie from frames of another site, it is the answer to everybody; from an
// app's own server it is the answer to all who have not signed in there. Where the browser blocks storage, too, nothing
// is ever proven.

export type Proof = {
  /** Whom or what it has found, where that matters. */
  readonly give: (found?: string) => void;
  readonly isGiven: (found?: string) => boolean;
};

export function createProof(provider: string, storage: 'localStorage' | 'sessionStorage' = 'localStorage'): Proof {
  const name = `lockstep-silent ${provider}`;
  return {
    give(found = '1') {
      try {
        globalThis[storage].setItem(name, found);
      } catch {}
    },
    isGiven(found = '1') {
      try {
        return globalThis[storage].getItem(name) === found;
      } catch {
        return false;
      }
    },
  };
}
