// `lockstep init`: writes a commented configuration to start from. Overwrites one only with `--force`.

import { writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { refusalOf, writeFiles } from './files.js';
import { fail, print } from './terminal.js';

export const initialConfig = `{
  "$schema": "./node_modules/lockstep/dist/cli/lockstep.schema.json",

  // The URL the hub is served from, with a slash at the end. Give it an origin of its own: every script of that origin
  // can read and write the stored session. Apps on the same site (here acme.com) share one session.
  "hub": "https://hub.acme.com/",

  // Which origins may take part, and what each may do:
  //   read      receive the session (every app needs it)
  //   login     say that a login has happened
  //   logout    end the session, everywhere
  //   activity  keep the session from becoming idle
  // An origin is exactly scheme, host and port. "*." matches one label, at the left end.
  "apps": {
    "https://portal.acme.com": ["read", "login", "logout", "activity"],
    "https://billing.acme.com": ["read", "logout", "activity"]
    // "https://*.preview.acme.com": ["read"]
  },

  // Who else may be above an app in the page, without any right: "embedders": ["https://teams.microsoft.com"],

  // Which apps may inspect every hub of the browser (lockstep/inspector), while a fault is searched for:
  // "inspect": ["https://portal.acme.com"],

  // All optional; leave a key out to switch it off.
  "session": {
    // Without an action of the user in any tab the session ends …
    "idleTimeoutSeconds": 900,
    // … and every tab is warned this long before.
    "idleWarningSeconds": 60,
    // This long before a session expires, one tab checks whether it lives on.
    "checkBeforeExpirySeconds": 120,
    // A session ends this long after its login, whatever the user does.
    "maxLifetimeSeconds": 43200
  }

  // Who checks: an app that gives connect() a "checkSession", or, with this, the hub itself. It asks its own origin, by
  // GET with credentials, and wants 200 with JSON like {"active": true, "expiresAt": 1764000000000}. "check": { "url":
  // "/session" }. Or it asks the provider: "check": { "issuer": "https://login.acme.com", "clientId": "lockstep-hub" }

  // Who says at once that a session was ended elsewhere: a server of yours with lockstep/server, at a path of the hub's
  // origin. "issuer": "https://login.acme.com", "push": { "url": "/events" }
}
`;

/** Returns the exit code. */
export async function runInit({
  config,
  force,
}: {
  readonly config: string;
  readonly force: boolean;
}): Promise<number> {
  const [folder, name] = [dirname(config), basename(config)];
  const refusal = force ? await refusalOf(folder, [name]) : undefined;
  if (refusal !== undefined) return fail(refusal);
  try {
    if (force) await writeFiles(folder, new Map([[name, initialConfig]]));
    else await writeFile(config, initialConfig, { flag: 'wx' });
  } catch (cause) {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail(exists ? `${config} is already there; --force overwrites it.` : `${config} cannot be written: ${why}`);
  }
  print(process.stdout, `Wrote ${config}. Write your origins into it, then run: npx lockstep build\n`);
  return 0;
}
