// From where a request comes, for the bound per address. `X-Forwarded-For` counts only as far as proxies of the owner's
// own have written it: everything before that may be the client's own invention.

import { isIPv4, isIPv6 } from 'node:net';

const sockets = new WeakMap<Request, string>();

/** node.ts says it of each request that it makes. */
export const rememberAddress = (request: Request, address: string): void => {
  sockets.set(request, address);
};

/** One IPv4 address, one /64 of IPv6, or `unknown`, which all share who come without an address. */
export function addressOf(request: Request, proxies: number): string {
  const socket = sockets.get(request);
  if (proxies === 0) return canonical(socket);
  const chain = (request.headers.get('x-forwarded-for') ?? '').split(',').map((part) => part.trim());
  // Each proxy adds at the end where its request came from; the last one's own address is the socket's.
  return canonical(chain.at(-proxies) || socket);
}

/** Around an address as `addressOf` gives it: a /24 of IPv4, a /48 of IPv6. Who has one may have all its addresses. */
export function networkOf(address: string): string {
  return isIPv4(address) ? address.slice(0, address.lastIndexOf('.')) : address.split(':').slice(0, 3).join(':');
}

function canonical(text: string | undefined): string {
  if (text === undefined) return 'unknown';
  const bare = text.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
  const mapped = bare.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  if (isIPv4(mapped)) return mapped;
  if (!isIPv6(mapped)) return 'unknown';
  return subnetOf(mapped);
}

/** Whoever has one address of IPv6 has 2^64 of them. */
function subnetOf(address: string): string {
  const [left = '', right = ''] = (address.split('%')[0] ?? '').split('::');
  const before = left === '' ? [] : left.split(':');
  const after = right === '' ? [] : right.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const groups = address.includes('::') ? [...before, ...zeros, ...after] : before;
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
