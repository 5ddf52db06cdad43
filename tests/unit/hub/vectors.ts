// Reads the files of tests/vectors, and replays what a hub does about one of their texts.

import { readFileSync } from 'node:fs';
import { replayLines } from './transcript.js';

type Text = {
  readonly text?: string;
  readonly repeat?: { readonly before?: string; readonly text: string; readonly times: number };
};
export type Vector<Case> = Case & { readonly name: string; readonly text: string };

/** The cases of a file. A browser's texts are UTF-16, so cases of bytes that are no UTF-8 are for the native tests. */
export function vectorsOf<Case>(path: string): readonly Vector<Case>[] {
  const cases: readonly (Vector<Case> & Text)[] = JSON.parse(
    readFileSync(new URL(`../../vectors/${path}`, import.meta.url), 'utf8'),
  );
  return cases.flatMap((each) => {
    const { text, repeat } = each as Text;
    if (text !== undefined) return [each];
    if (repeat) return [{ ...each, text: (repeat.before ?? '') + repeat.text.repeat(repeat.times) }];
    return [];
  });
}

/** The time of a transcript, until it moves the clock. */
export const now = 1_000_000;

/** What hub A does about the last of these lines of a transcript. */
export async function effectsOf(...lines: string[]): Promise<readonly string[]> {
  const { story } = await replayLines(lines);
  const last = `${lines.at(-1)}\n`;
  const effects = story.slice(story.lastIndexOf(last) + last.length);
  return effects.split('\n').flatMap((line) => (line ? [line.slice('  A '.length)] : []));
}

/** The JSON after `stores` or `tells its app`, where a hub did that once. */
export function jsonOf(effects: readonly string[], verb: string): string | undefined {
  const found = effects.filter((effect) => effect.startsWith(`${verb} {`));
  if (found.length > 1) throw new Error(`${verb} more than once`);
  return found[0]?.slice(verb.length + 1);
}
