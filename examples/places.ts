// The places of the demo and their URLs. Read by the server and by the apps, so that both speak of the same origins.
// `*.localhost` is loopback inside every browser and counts as a secure context, with no certificate and no set-up.

export const appNames = ['portal', 'billing', 'reports'] as const;
export type AppName = (typeof appNames)[number];

export const placeNames = ['hub', 'login', ...appNames] as const;
export type PlaceName = (typeof placeNames)[number];

export const portDefault = 4400;

export const hostOf = (place: PlaceName): string => `${place}.acme.localhost`;

/** Without a slash at the end: an origin. */
export const originOf = (place: PlaceName, port: number | string): string => `http://${hostOf(place)}:${port}`;
