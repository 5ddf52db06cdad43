// Finds the word the author probably meant. Suggests nothing rather than something far away.

/** The number of letters to insert, delete or replace to make one word of the other. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      const removed = (previous[column + 1] ?? 0) + 1;
      const inserted = (current[column] ?? 0) + 1;
      current.push(Math.min(replaced, removed, inserted));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}

// A word longer than every allowed one by this much cannot be a slip, and is not worth the quadratic comparison.
const slipLettersMax = 8;

/** The nearest allowed word, or nothing when more than two in five letters differ. */
export function nearest(word: string, allowed: readonly string[]): string | undefined {
  const ranked = allowed
    .filter((candidate) => Math.abs(candidate.length - word.length) <= slipLettersMax)
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.ceil(candidate.length * 0.4))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
}

/** "did you mean …", or the whole list when nothing is near. */
export function didYouMean(word: string, allowed: readonly string[]): string {
  const found = nearest(word, allowed);
  return found === undefined ? `allowed: ${allowed.join(', ')}` : `did you mean "${found}"?`;
}
