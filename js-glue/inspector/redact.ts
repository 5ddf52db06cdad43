// Takes who is signed in out of the lines of a transcript: the same value becomes the same alias wherever it is, so
// that the hubs of a replay decide as those of the browser did.

import { eventMemberKinds, type Kind, memberKinds } from './members.js';

export type Redact = (line: string) => string;

const textOfJson = String.raw`"(?:[^"\\]|\\.)*"`;
const namesOf = (kinds: Readonly<Record<string, Kind>>, kind: Kind) =>
  Object.keys(kinds).filter((name) => kinds[name] === kind);
/** The names of the texts that say who somebody is. A member of an event comes after the event's type. */
const beforeText = (['user', 'sid'] as const).map((kind) => {
  const anywhere = namesOf(memberKinds, kind);
  const inEvents = Object.entries(eventMemberKinds).flatMap(([type, kinds]) =>
    namesOf(kinds, kind)
      .filter((name) => !anywhere.includes(name))
      .map((name) => `"type":"${type}",(?:${textOfJson}|[^"{}])*?"${name}":`),
  );
  const before = [`"(?:${anywhere.join('|')})"\\s*:\\s*`, ...inEvents];
  return { kind, pattern: new RegExp(`(${before.join('|')})(${textOfJson})`, 'g') };
});
const beforeClaims = new RegExp(`"(?:${namesOf(memberKinds, 'claims').join('|')})"\\s*:\\s*`);
const stream = /^(.*) for \[(.*)\] and (sub\|.*) since (\d+)$/;

/** One for a whole transcript. */
export function createRedact(): Redact {
  const aliases = new Map<string, string>();

  function aliasOf(kind: string, value: string): string {
    const key = `${kind} ${value}`;
    const count = [...aliases.keys()].filter((other) => other.startsWith(`${kind} `)).length;
    const alias = aliases.get(key) ?? `${kind}-${count + 1}`;
    aliases.set(key, alias);
    return alias;
  }

  /** A text of JSON. An ended record has an empty subject, which names nobody. */
  function named(kind: Kind, json: string): string {
    const value: string = JSON.parse(json);
    return JSON.stringify(value && aliasOf(kind, value));
  }

  function withoutClaims(text: string): string {
    const [before, after] = splitAt(text, beforeClaims);
    if (after === undefined) return before;
    const end = valueEnd(after);
    const claims = JSON.stringify({ redacted: aliasOf('claims', canonical(after.slice(0, end))) });
    return `${before}${claims}${withoutClaims(after.slice(end))}`;
  }

  return (line) => {
    const opened = stream.exec(line);
    if (opened) {
      const [, what, session = '', subject = '', since] = opened;
      const channel = (text: string, kind: string) =>
        text.replace(/^(\w+\|[^|]*\|)(.*)$/, (_, start, value) => `${start}${aliasOf(kind, value)}`);
      return `${what} for [${channel(session, 'sid')}] and ${channel(subject, 'user')} since ${since}`;
    }
    const at = line.search(/[{[]/);
    const said = /^says /.test(line) || /^fetched \d+ /.test(line);
    // What is no JSON could hold anything, and a hub reads nothing of it.
    if (said && (at < 0 || !isJson(line.slice(at)))) return line.replace(/^(says|fetched \d+) .*$/, '$1 not json');
    return beforeText.reduce(
      (said, { kind, pattern }) => said.replace(pattern, (_, before, value) => before + named(kind, value)),
      withoutClaims(line),
    );
  };
}

function splitAt(text: string, mark: RegExp): readonly [string, string?] {
  const found = mark.exec(text);
  if (!found) return [text];
  const end = found.index + found[0].length;
  return [text.slice(0, end), text.slice(end)];
}

/** Where the object ends that the text begins with: of JSON, so that a brace in a text does not count. */
function valueEnd(text: string): number {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}]/g;
  let depth = 0;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    if (token[0] === '{') depth++;
    if (token[0] === '}' && --depth === 0) return tokens.lastIndex;
  }
  return text.length;
}

/** The hub writes claims without white space. */
function canonical(text: string): string {
  return isJson(text) ? JSON.stringify(JSON.parse(text)) : text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
