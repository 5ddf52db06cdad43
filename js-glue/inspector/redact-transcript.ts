// Takes who is signed in out of the lines of a transcript: the same value becomes the same alias wherever it is, so
// that the hubs of a replay decide as those of the browser did.

import { membersOf } from './json.js';
import { eventMemberKinds, type Kind, memberKinds } from './members.js';

export type Redact = (line: string) => string;

const textOfJson = String.raw`"(?:[^"\\]|\\.)*"`;
const ofSnapshots: Readonly<Record<string, Kind>> = memberKinds;
/** Of the members that say who somebody is. In an event, `before` begins with the event's type. */
const textsOf = (kinds: Readonly<Record<string, Kind>>, before = '') =>
  Object.entries(kinds)
    .filter(([name, kind]) => /user|sid/.test(kind) && !(before && ofSnapshots[name] === kind))
    .map(([name, kind]) => ({ kind, text: new RegExp(`(${before}"${name}"\\s*:\\s*)(${textOfJson})`, 'g') }));
const texts = [
  ...textsOf(ofSnapshots),
  ...Object.entries(eventMemberKinds).flatMap(([type, kinds]) =>
    textsOf(kinds, `"type":"${type}",(?:${textOfJson}|[^"{}])*?`),
  ),
];
const stream = /^(.*) for \[(.*)\] and (sub\|.*) since (\d+)$/;

/** Of an answer to a check (PROTOCOL.md §5), and of what takes the place of claims. */
const answerMembers = ['active', 'expiresAt', 'expiresIn', 'claims', 'redacted'];

/** One for a whole transcript. */
export function createRedact(): Redact {
  const aliases = new Map<string, string>();

  function aliasOf(kind: string, value: string): string {
    const key = `${kind}-${value}`;
    const count = [...aliases.keys()].filter((other) => other.startsWith(`${kind}-`)).length;
    const alias = aliases.get(key) ?? `${kind}-${count + 1}`;
    aliases.set(key, alias);
    return alias;
  }

  function withoutClaims(text: string): string {
    const found = /"claims"\s*:\s*/.exec(text);
    if (!found) return text;
    const start = found.index + found[0].length;
    const end = start + valueEnd(text.slice(start));
    const said = text.slice(start, end);
    const claims = JSON.stringify({ redacted: aliasOf('claims', canonical(said) ?? said) });
    return `${text.slice(0, start)}${claims}${withoutClaims(text.slice(end))}`;
  }

  return (line) => {
    const opened = stream.exec(line);
    if (opened) {
      const [, what, session = '', subject = '', since] = opened;
      const channel = (text: string, kind: string) =>
        text.replace(/^(\w+\|[^|]*\|)(.*)$/, (_, start, value) => `${start}${aliasOf(kind, value)}`);
      return `${what} for [${channel(session, 'sid')}] and ${channel(subject, 'user')} since ${since}`;
    }
    const [said = ''] = /^(says|fetched \d+) /.exec(line) ?? [];
    const text = line.slice(said.length);
    // What is no object of JSON could hold anything, and a hub reads nothing of it.
    if (said && canonical(text)?.[0] !== '{') return `${said}not json`;
    const redacted = texts.reduce(
      (all, { kind, text }) =>
        all.replace(text, (_, before, json) => {
          const value: string = JSON.parse(json);
          // An ended record has an empty subject, which names nobody.
          return before + JSON.stringify(value && aliasOf(kind, value));
        }),
      withoutClaims(text),
    );
    // A server may say more in an answer, and no hub reads it.
    return said + (said.startsWith('fetched') ? JSON.stringify(membersOf(redacted), answerMembers) : redacted);
  };
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

/** Without white space, as the hub writes claims; undefined where it is no JSON. */
function canonical(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return undefined;
  }
}
