// How many hubs run in this tab. All hubs of a browser share one process, and whatever one of them writes all others
// read: a page with forty of them could keep those of every other tab from answering.

/** An app needs one; a page of many micro-apps in frames has one for each. */
export const hubsMax = 16;
/** A page that has more is not looked through. */
const framesMax = 1_000;

/** This one, and those that were there before it; more than `hubsMax` where it is one too many. */
export function countHubs(): number {
  const windows: Window[] = [window.top ?? window];
  let hubs = 0;
  for (let index = 0; index < windows.length && hubs <= hubsMax; index++) {
    const each = windows[index] as Window;
    if (isHub(each)) hubs += 1;
    // Every page may count the frames of every other, whatever their origins.
    for (let frame = 0; frame < each.length && windows.length < framesMax; frame++) windows.push(each[frame] as Window);
  }
  return windows.length < framesMax ? hubs : hubsMax + 1;
}

function isHub(one: Window): boolean {
  try {
    return one.document.getElementById('config') !== null;
  } catch {
    return false; // of another origin
  }
}
