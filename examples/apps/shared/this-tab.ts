// What this tab is called, and how often it asked the provider for all: for the display alone. Kept in sessionStorage,
// so that it survives the way to the login page and back.

import { nameOfOrigin } from './places-here.js';

const [nameKey, checksKey] = ['demo-tab', 'demo-checks'];
const letters = 'abcdefghjkmnpqrstuvwxyz';

function read(key: string): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? undefined;
  } catch {
    return undefined; // Storage blocked: the name lives as long as the page.
  }
}

function write(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // As above.
  }
}

const random = (count: number): number => Math.floor(Math.random() * count);

/** "billing k3". */
export const tabName =
  read(nameKey) ?? `${nameOfOrigin(location.origin)} ${letters.charAt(random(letters.length))}${random(10)}`;
write(nameKey, tabName);

let checks = Number(read(checksKey) ?? 0);

export const getChecks = (): number => checks;

export function countCheck(): void {
  checks++;
  write(checksKey, String(checks));
}
