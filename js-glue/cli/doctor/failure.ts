// Why a URL gave no answer, as the end of a sentence that begins with it. Node's own words are for programmers.

const ownAuthority = 'If it is your own, name its file in NODE_EXTRA_CA_CERTS; browsers need it, too';

const phrases: Readonly<Record<string, string>> = {
  ENOTFOUND: 'has a host name that cannot be resolved. Look at its DNS records',
  EAI_AGAIN: 'has a host name that cannot be resolved just now. Look at the network of this machine',
  ECONNREFUSED: 'refuses the connection. Start its server, or correct the port',
  ECONNRESET: 'closes the connection without a whole answer. Look at the log of its server',
  EPIPE: 'closes the connection without a whole answer. Look at the log of its server',
  EHOSTUNREACH: 'cannot be reached from this machine. Look at firewall and routes',
  ENETUNREACH: 'cannot be reached from this machine. Look at firewall and routes',
  ETIMEDOUT: 'cannot be reached from this machine: nothing answers there. Look at firewall and routes',
  HPE_HEADER_OVERFLOW: 'sends more than 16 KiB of headers, which many browsers and proxies refuse. Send less',
  CERT_HAS_EXPIRED: 'has a TLS certificate that has expired, so that no browser shows it. Renew it',
  CERT_NOT_YET_VALID: 'has a TLS certificate that is not valid yet. Look at the clocks of both machines',
  DEPTH_ZERO_SELF_SIGNED_CERT: `has a TLS certificate that is signed by itself, which browsers refuse. ${ownAuthority}`,
  SELF_SIGNED_CERT_IN_CHAIN: `has a TLS certificate of an authority that is not known here. ${ownAuthority}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `has a TLS certificate of an authority that is not known here. ${ownAuthority}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'sends its TLS certificate without those between it and an authority that is known here. Let the ' +
    'server send the whole chain',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a TLS certificate for another host name. Get one for this name',
};

/** `cause`: what a request was ended by. */
export function failureOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const phrase = phrases[code];
  if (phrase !== undefined) return phrase;
  if (code.startsWith('HPE_')) return 'answers with what is no HTTP. Look at what listens at this port';
  if (/^(ERR_SSL_|EPROTO|ERR_TLS_)/.test(code))
    return `does not speak TLS that can be understood here (${code}). Look at the TLS settings of its server`;
  if (
    /^(Z_|ERR_BROTLI|ERR_+[A-Z_]*BROTLI|ERR__)/.test(code) ||
    /decompress|incorrect header check/i.test(String(cause))
  )
    return 'answers with a content coding that cannot be decoded. Look at the compression of its server';
  return `cannot be asked (${code || (cause instanceof Error ? cause.message.slice(0, 100) : 'for no known reason')})`;
}
