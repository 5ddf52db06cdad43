// How many hubs run in this tab. All hubs of a browser share one process, and whatever one of them writes all others
// read: a page with forty of them could keep those of every other tab from answering.

/** An app needs one; a page of many micro-apps in frames has one for each. */
export const hubsMax = 16;
/** A page that has more is not looked through. */
const framesMax = 1_000;

/** This one, and those that were there before it; more than `hubsMax` where it is one too many. */
export function countHubs(): number {
  const windows: Window[] = [window.top ?? window, ...unlistedAbove()];
  // A client puts its hub where it is listed.
  if (windows.indexOf(window) > 0) return hubsMax + 1;
  // How many others are in shadow trees, nobody can say.
  const least = windows.length > 1 ? hubsMax : 0;
  let hubs = 0;
  for (let index = 0; index < windows.length && hubs <= hubsMax; index++) {
    const each = windows[index] as Window;
    if (isHub(each)) hubs += 1;
    // Every page may count the frames of every other, whatever their origins.
    for (let frame = 0; frame < each.length && windows.length < framesMax; frame++) windows.push(each[frame] as Window);
  }
  return windows.length < framesMax ? Math.max(hubs, least) : hubsMax + 1;
}

/** This window and those above it that the page around them does not list: their frames are in shadow trees. */
function unlistedAbove(): readonly Window[] {
  const unlisted: Window[] = [];
  for (let each: Window = window; each !== each.parent; each = each.parent) {
    const isListed = Array.from({ length: each.parent.length }, (_, index) => each.parent[index]).includes(each);
    if (!isListed) unlisted.push(each);
  }
  return unlisted;
}

function isHub(one: Window): boolean {
  try {
    return one.document.getElementById('config') !== null;
  } catch {
    return false; // of another origin
  }
}
