// Puts every fault of a folder into copies of the hub's sources, for one executable that chooses a fault at run time:
//   node inject-faults.mjs ROOT FAULTS OUT SOURCE...
// A fault file is a patch of one place. Its `#` lines say which rule breaks, `seeds_max = N` says how many seeds may be
// needed to find it, and then come lines of C++ that begin with `-` (correct), `+` (faulty) or a space (context).
// White space and comments of the source do not count. `$name` stands for any name or path (`a`, `a.b->c`, `n::f`), the
// same one at each place, and `.` matches `->` as well, so that a fault survives a rename or a move to another file.
// Correct lines that end in `;` or `}` are statements, and so are faulty lines without correct ones; all else is an
// expression. A fault that matches no place, or more than one, is an error: it would prove nothing.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const name = String.raw`(?!(?:return|if|else|case|const)\b)[A-Za-z_]\w*`;
const path = String.raw`${name}(?:\s*(?:\.|->|::)\s*${name})*`;
const wordOrSign = /->|\$?[A-Za-z_]\w*|\d[\w']*|"(?:\\.|[^"\\])*"|\S/g;

function readFault(file) {
  const fault = { name: basename(file, '.fault'), seedsMax: 0, before: '', correct: '', faulty: '', after: '' };
  let context = 'before';
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const seeds = /^seeds_max = (\d+)$/.exec(line);
    if (seeds) fault.seedsMax = Number(seeds[1]);
    else if (line.startsWith('-') || line.startsWith('+')) {
      context = 'after';
      fault[line.startsWith('-') ? 'correct' : 'faulty'] += `${line.slice(1)}\n`;
    } else if (line.startsWith(' ')) fault[context] += `${line}\n`;
    else if (line !== '' && !line.startsWith('#')) throw new Error(`${fault.name}: what is "${line}"?`);
  }
  for (const part of ['correct', 'faulty']) fault[part] = fault[part].trim();
  fault.isStatement = /[;}]$/.test(fault.correct || fault.faulty);
  if (fault.seedsMax === 0) throw new Error(`${fault.name}: it needs seeds_max`);
  if (!fault.isStatement && fault.faulty === '') throw new Error(`${fault.name}: an expression cannot become nothing`);
  return fault;
}

/** The pattern of the whole fault; the group `correct` holds what is replaced. */
function patternOf(fault) {
  const bound = new Set();
  const part = (text) =>
    (text.match(wordOrSign) ?? [])
      .map((word) => {
        if (word === '.' || word === '->') return '(?:\\.|->)';
        if (!/\w/.test(word)) return word.replace(/\W/g, '\\$&');
        if (!word.startsWith('$')) return `(?<!\\w)${word.replace(/[^\w']/g, '\\$&')}(?!\\w)`;
        const variable = word.slice(1);
        if (bound.has(variable)) return `(?<!\\w)\\k<_${variable}>(?!\\w)`;
        bound.add(variable);
        return `(?<!\\w)(?<_${variable}>${path})(?!\\w)`;
      })
      .join('\\s*');
  const parts = [part(fault.before), `(?<correct>${part(fault.correct)})`, part(fault.after)];
  return new RegExp(parts.filter((each) => each !== '').join('\\s*'), 'dg');
}

/** The text with spaces in place of comments, so that every character keeps its place in its line. */
function withoutComments(text) {
  const commentOrText = /R"\([\s\S]*?\)"|"(?:\\.|[^"\\])*"|\b\d[\w']*|'(?:\\.|[^'\\])*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(commentOrText, (part) => (part.startsWith('/') ? part.replace(/[^\n]/g, ' ') : part));
}

/** All matches, those that overlap as well: of three calls in a row, a pattern of two matches twice. */
function matchesOf(pattern, text) {
  const matches = [];
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    // A path matches from its second name on, too, and a space before it belongs to it: the longest match counts.
    if (matches.at(-1)?.indices[0][1] !== match.indices[0][1]) matches.push(match);
    pattern.lastIndex = match.index + 1;
  }
  return matches;
}

/** The place that the fault matches, and the faulty code with its names filled in. */
function placeOf(fault, sources) {
  const pattern = patternOf(fault);
  const found = sources.flatMap((source) => matchesOf(pattern, source.text).map((match) => ({ source, match })));
  if (found.length !== 1) {
    const where = found.map(
      ({ source, match }) => `${source.path}:${source.text.slice(0, match.index).split('\n').length}`,
    );
    throw new Error(
      `${fault.name}: its correct code must match exactly one place, and matches ${found.length}: ${where.join(' ')}
  Has the source changed? Then so must the fault.`,
    );
  }
  const [{ source, match }] = found;
  const faulty = fault.faulty.replace(/\$(\w+)/g, (_, variable) => {
    const value = match.groups[`_${variable}`];
    if (value === undefined) throw new Error(`${fault.name}: $${variable} stands for nothing`);
    return value;
  });
  const [start, end] = match.indices.groups.correct;
  return { fault, source, faulty, start, end };
}

function choice({ fault, faulty }, otherwise) {
  const chosen = `lockstep::sim::has_fault(lockstep::sim::Fault::${fault.name})`;
  return fault.isStatement
    ? `if (${chosen}) { ${faulty} } else { ${otherwise} }`
    : `(${chosen} ? (${faulty}) : (${otherwise}))`;
}

/** The text from `start` to `end` with a choice at each place. The places are sorted, outer ones first. */
function withChoices(text, places, start, end) {
  let written = '';
  let at = start;
  while (places.length > 0 && places[0].end <= end) {
    const place = places.shift();
    if (place.start < at) throw new Error(`${place.fault.name}: it overlaps another fault`);
    written += text.slice(at, place.start) + choice(place, withChoices(text, places, place.start, place.end));
    at = place.end;
  }
  if (places.length > 0 && places[0].start < end) throw new Error(`${places[0].fault.name}: it overlaps another fault`);
  return written + text.slice(at, end);
}

const headerOf = (faults) => `// Made by tests/sim/inject-faults.mjs.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>
namespace lockstep::sim {
enum class Fault { none, ${faults.map((fault) => fault.name).join(', ')} };
struct FaultEntry {
    Fault fault;
    std::string_view name;
    std::uint64_t seeds_max;
};
inline constexpr std::array<FaultEntry, ${faults.length}> faults{{
${faults.map((fault) => `    {Fault::${fault.name}, "${fault.name}", ${fault.seedsMax}},\n`).join('')}}};
inline Fault active_fault = Fault::none;
[[nodiscard]] inline bool has_fault(Fault fault) { return fault == active_fault; }
}  // namespace lockstep::sim
`;

/** Ninja compiles again only what was written. */
function writeIfChanged(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  let old;
  try {
    old = readFileSync(file, 'utf8');
  } catch {}
  if (old !== text) writeFileSync(file, text);
}

function main([root, folder, out, ...paths]) {
  const sources = paths.map((path) => ({ path, text: withoutComments(readFileSync(join(root, path), 'utf8')) }));
  const files = readdirSync(folder).filter((file) => file.endsWith('.fault'));
  const faults = files.sort().map((file) => readFault(join(folder, file)));
  const errors = [];
  const places = faults.flatMap((fault) => {
    try {
      return [placeOf(fault, sources)];
    } catch (error) {
      errors.push(error.message);
      return [];
    }
  });
  if (errors.length > 0) throw new Error(errors.join('\n'));
  writeIfChanged(join(out, 'faults.hpp'), headerOf(faults));
  for (const source of sources) {
    const here = places.filter((place) => place.source === source).sort((a, b) => a.start - b.start || b.end - a.end);
    const text = here.length > 0 ? withChoices(source.text, here, 0, source.text.length) : undefined;
    const isUntouched = '// No fault is in this source. The library has it.\n';
    writeIfChanged(
      join(out, source.path),
      text === undefined ? isUntouched : `#include "faults.hpp"\n#line 1 "${source.path}"\n${text}`,
    );
  }
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
