// "Nobody is signed in" from a hidden frame is believed only where such a frame has found somebody before. Where the
// browser keeps the provider's cookie from frames of another site, it is the answer to everybody.

export function createProof(provider: string) {
  const name = `lockstep-silent ${provider}`;
  return { give: () => localStorage.setItem(name, '1'), isGiven: () => localStorage.getItem(name) !== null };
}
