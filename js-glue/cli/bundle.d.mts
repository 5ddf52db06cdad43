// The types of bundle.mjs, which stays JavaScript so that Node runs it before anything is built.

/** Writes main.js, probe.js and lockstep.schema.json into `folder`. */
export function bundleCli(folder: string): Promise<void>;
