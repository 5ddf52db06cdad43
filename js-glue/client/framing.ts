// Whether the headers of the hub's page keep a browser from showing it in a frame. A page of another origin sees these
// headers only where the server says so, so the absence of one is no evidence. Loaded by the diagnosis.

/** What keeps it from a frame below these origins, if a header does. */
export function refusalOf(headers: Headers, ancestors: readonly string[], hub: string): string | undefined {
  const read = (name: string) => headers.get(name)?.toLowerCase() ?? '';
  const lists = read('Content-Security-Policy').split(',').flatMap(ancestorsOf);
  const left = ancestors.find((origin) => lists.some((list) => !mayCover(list, origin, hub)));
  if (left) return `frame-ancestors leaves out ${left}`;
  // Beside frame-ancestors it counts for nothing.
  const option = lists.length > 0 ? '' : read('X-Frame-Options');
  const isOther = ancestors.some((origin) => origin !== hub);
  return option === 'deny' || (option === 'sameorigin' && isOther) ? `X-Frame-Options is ${option}` : undefined;
}

/** The directive of a policy, if it has one: of two of a name the first counts. */
function ancestorsOf(policy: string): string | readonly [] {
  const directives = policy.split(';').map((directive) => directive.trim());
  return directives.find((directive) => /^frame-ancestors(\s|$)/.test(directive)) ?? [];
}

/** Wider than a browser's own rule (Content Security Policy Level 3 §6.7.2.8): what is in doubt covers the origin. */
function mayCover(list: string, origin: string, hub: string): boolean {
  const [, ...sources] = list.replace("'self'", hub).split(/\s+/);
  return sources.some((source) => {
    const [, host] = /^(?:https?:\/\/)?(?:\*(?=\.))?([^/*:']+(?::\d+)?)$/.exec(source) ?? [];
    return host ? origin === 'null' || origin.endsWith(host.replace(/:(80|443)$/, '')) : source !== "'none'";
  });
}
