// Where a page has zone.js, as Angular's have: it takes whatever is begun in the caller's zone for work of the app,
// looks for changes after each of it, and is not stable before it has ended. The client listens, and waits for its hub,
// for as long as the page lives.

type Zones = {
  readonly root?: { readonly run: <Result>(action: () => Result) => Result };
  readonly current?: { readonly wrap?: <Listener>(listener: Listener, source: string) => Listener };
};

/** A page may have something else of this name. */
const zones = () => (globalThis as { readonly Zone?: Zones }).Zone;

export function inRootZone<Result extends object>(action: () => Result): Result {
  return zones()?.root?.run(action) ?? action();
}

/** The app's own functions run in the zone that they come from. */
export function inCallersZone<Listener>(listener: Listener): Listener {
  return (listener && zones()?.current?.wrap?.(listener, 'lockstep')) ?? listener;
}
