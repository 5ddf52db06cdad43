// Opens pages in the user's browser, where there is one to look at.

import open from 'open';

type Environment = Readonly<Record<string, string | undefined>>;

/** In CI nobody looks, and on Linux a browser needs a display. */
export function hasDisplay(env: Environment, platform: NodeJS.Platform): boolean {
  return !env.CI && (platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY));
}

/** Only such an address is handed to the system, which starts programs for others. */
export function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** Resolves when the system has taken all of them. */
export async function openPages(urls: readonly string[]): Promise<void> {
  for (const url of urls) await open(url);
}
