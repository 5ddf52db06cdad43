// "Nobody is signed in" from a hidden frame is believed only where such a frame has found somebody before. Where the
// browser keeps the provider's cookie from frames of another site, it is the answer to everybody. Where it blocks
// storage, too, nothing is ever proven.

export function createProof(provider: string) {
  const name = `lockstep-silent ${provider}`;
  return {
    give() {
      try {
        localStorage.setItem(name, '1');
      } catch {}
    },
    isGiven() {
      try {
        return localStorage.getItem(name) !== null;
      } catch {
        return false;
      }
    },
  };
}
