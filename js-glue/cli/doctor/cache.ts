// Judges how long browsers and caches on the way may keep the hub's page. It must be asked for anew soon, or a changed
// allow-list would not arrive.

import { type Judged, shown } from './finding.js';

type Directives = ReadonlyMap<string, string>;

// A build says five minutes, and an hour in which an old page may still be shown while a new one is fetched.
const pageSecondsMax = 3_600;

export function pageCache(value: string | undefined): Judged {
  const said = readCacheControl(value);
  if (said === undefined)
    return [
      'warning',
      'The page has no Cache-Control, so browsers guess how long to keep it. Deploy the header of the build.',
    ];
  if (said.has('immutable'))
    return [
      'fault',
      `${header(value)} lets browsers keep the page without asking: a new build would not reach them. ` +
        'Remove immutable.',
    ];
  if (anew(said)) return ['ok', `${header(value)}: the page is asked for anew each time.`];
  const seconds = secondsOf(said);
  if (seconds === undefined)
    return [
      'warning',
      `${header(value)} names no max-age, so browsers guess how long to keep the page. Deploy the header of the build.`,
    ];
  return seconds > pageSecondsMax
    ? ['warning', `${header(value)}: a new build would reach users only after ${seconds} seconds. Make it max-age=300.`]
    : ['ok', `The page is asked for anew after ${seconds} seconds.`];
}

function header(value: string | undefined): string {
  return `Cache-Control ${shown(value ?? '')}`;
}

function anew(said: Directives): boolean {
  return said.has('no-store') || said.has('no-cache');
}

function secondsOf(said: Directives): number | undefined {
  const seconds = Number(said.get('max-age') ?? Number.NaN);
  return Number.isInteger(seconds) && seconds >= 0 ? seconds : undefined;
}

function readCacheControl(value: string | undefined): Directives | undefined {
  if (value === undefined || value.trim() === '') return undefined;
  const parts = value.toLowerCase().split(',');
  return new Map(
    parts.map((part) => part.trim().split('=')).map(([name = '', to = '']) => [name, to.replaceAll('"', '')]),
  );
}
