// The host names of the benchmark. `*.localhost` needs no set-up, is a secure context over plain http, and has sites:
// the apps of acme.localhost are same-site with the hub, those of other.localhost are not.

export const hubHost = 'hub.acme.localhost';
/** The frame of the raw storage event has an origin of its own, so that neither frame receives the other's events. */
export const rawHost = 'raw.acme.localhost';
/**
 * Hubs of other settings, with stores of their own: sessions that are checked, and ones that end for want of activity.
 */
export const checkedHubHost = 'checked.acme.localhost';
export const idleHubHost = 'idle.acme.localhost';
/** A hub that a server pushes to. */
export const pushedHubHost = 'pushed.acme.localhost';
export const pushed = { issuer: 'https://login.acme.com', push: { url: '/events' } } as const;
/** A hub that lets every app inspect. */
export const inspectedHubHost = 'inspected.acme.localhost';
export const apps = ['portal', 'billing', 'reports'] as const;
export const appHosts = apps.map((app) => `${app}.acme.localhost`);
export const crossSiteHosts = apps.map((app) => `${app}.other.localhost`);

/** How a frame is loaded; each is a path of the hub's origin. */
export const loadings = {
  bare: '/bare/',
  penpal: '/penpal/',
  hub: '/',
} as const;
export type Loading = keyof typeof loadings;

export const loadingNames: Readonly<Record<Loading, string>> = {
  bare: 'bare frame, one message',
  penpal: 'penpal 7, plain JS hub',
  hub: 'Lockstep',
};
