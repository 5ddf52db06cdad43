// The demo's places as seen from the page: same port, other host names.

import { originOf, type PlaceName } from '../../places.js';

export const originHere = (place: PlaceName): string => originOf(place, location.port);

/** "billing" for the origin of the billing app, so that people read a name instead of a URL. */
export const nameOfOrigin = (origin: string): string => new URL(origin).hostname.split('.')[0] ?? origin;

/** Where the user is, for the way back. */
export const here = (): string => `${location.pathname}${location.search}${location.hash}`;

/** What came back from the provider as the place to return to: a path of this origin, or its front page. */
export function pathOfOurs(state: unknown): string {
  if (typeof state !== 'string' || !/^\/(?![/\\])/.test(state)) return '/';
  const { origin, pathname, search, hash } = new URL(state, location.origin);
  return origin === location.origin && pathname !== '/callback' ? `${pathname}${search}${hash}` : '/';
}
