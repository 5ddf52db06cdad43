// Takes who is signed in out of the lines of a transcript: the same value becomes the same alias wherever it is, so
// that the hubs of a replay decide as those of the browser did.

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

  function withoutClaims(text: string): string {
    const found = /"claims"\s*:\s*/.exec(text);
    if (!found) return text;
    const start = found.index + found[0].length;
    const end = start + valueEnd(text.slice(start));
    const claims = JSON.stringify({ redacted: aliasOf('claims', canonical(text.slice(start, end))) });
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
    const at = line.search(/[{[]/);
    const said = /^(says|fetched \d+) /.test(line);
    // What is no JSON could hold anything, and a hub reads nothing of it.
    if (said && (at < 0 || !isJson(line.slice(at)))) return line.replace(/^(says|fetched \d+) .*$/, '$1 not json');
    return texts.reduce(
      (said, { kind, text }) =>
        said.replace(text, (_, before, json) => {
          const value: string = JSON.parse(json);
          // An ended record has an empty subject, which names nobody.
          return before + JSON.stringify(value && aliasOf(kind, value));
        }),
      withoutClaims(line),
    );
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
