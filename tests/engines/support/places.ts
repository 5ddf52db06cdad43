// Names of the internet that the tests build on loopback. They end in a real suffix, because WebKitGTK takes those
// under `.localhost` and `.test` for public suffixes and refuses cookies there. Every test has sites of its own, so
// that nothing that a browser keeps by site, be it a record, a cookie, or a permission, passes from one test to the
// next.

export type Sites = {
  readonly acme: string;
  readonly other: string;
  readonly hubHost: string;
  readonly portal: string;
  readonly billing: string;
  readonly reports: string;
  /** Of the hub's site, and no app of it. */
  readonly sibling: string;
  /** Two apps of another site. */
  readonly partner: string;
  readonly partnerToo: string;
  /** Of a third one, which no hub allows. */
  readonly magazine: string;
};

/** Firefox is given every name. */
export const sitesMax = 100;

export function sitesOf(number: number): Sites {
  const acme = `acme-${number}.com`;
  const other = `other-${number}.com`;
  return {
    acme,
    other,
    hubHost: `hub.${acme}`,
    portal: `portal.${acme}`,
    billing: `billing.${acme}`,
    reports: `reports.${acme}`,
    sibling: `old.${acme}`,
    partner: `partner.${other}`,
    partnerToo: `shop.${other}`,
    magazine: `magazine.third-${number}.com`,
  };
}

export function everySites(): readonly Sites[] {
  return Array.from({ length: sitesMax }, (_, number) => sitesOf(number));
}

/** For browsers that are given each by name. */
export function everyHost(): readonly string[] {
  return everySites().flatMap(({ acme, other, ...hosts }) => Object.values(hosts));
}
