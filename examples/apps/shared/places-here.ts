// The demo's places as seen from the page: same port, other host names.

import { originOf, type PlaceName } from '../../places.js';

export const originHere = (place: PlaceName): string => originOf(place, location.port);

/** "billing" for the origin of the billing app, so that people read a name instead of a URL. */
export const nameOfOrigin = (origin: string): string => new URL(origin).hostname.split('.')[0] ?? origin;
