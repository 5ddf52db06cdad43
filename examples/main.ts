// The demo's command line: reads the port, starts the demo, says what to try, and ends it cleanly on Ctrl-C.

import { parseArgs } from 'node:util';
import { type Demo, startDemo } from './demo.js';
import { portDefault } from './places.js';
import { demoUsers } from './server/accounts.js';

function portFromArguments(): number {
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  const text = values.port ?? process.env.PORT ?? String(portDefault);
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new Error(`The port must be a number from 0 to 65535, not "${text}".`);
  return port;
}

function welcome({ urls }: Demo): string {
  const users = demoUsers.map(({ login, password, name }) => `    ${login.padEnd(7)} ${password.padEnd(15)} ${name}`);
  return `
  Lockstep demo: one session over three apps on three origins.

  Open these, each in two tabs if you like:
    Portal   ${urls.portal}
    Billing  ${urls.billing}
    Reports  ${urls.reports}

  Behind them:
    Hub      ${urls.hub}   (what \`lockstep build\` wrote)
    Provider ${urls.login}   (an OpenID provider: who is signed in, who asked, and a button that revokes)

  Who can sign in:
${users.join('\n')}

  What to try:
    1. Put the three apps side by side and sign in to one: the others show the user at once.
    2. Sign out of another one: all of them are signed out, and each says by whom and how many milliseconds later.
    3. Use "Switch user" in one tab and watch the others change.
    4. Close every tab, open one again within two minutes: the session is still there.
    5. Watch "Expires in": at 0:30 one tab asks the provider for all of them, and says so.
    6. Press "Revoke at the provider", then "Check now" or "Call an API" in any tab: every tab is signed out.
    7. Signed out, press "Login page" in some tabs and sign in in another: they come back to where they were.

  Ctrl-C ends the demo.
`;
}

async function main(): Promise<void> {
  const demo = await startDemo({ port: portFromArguments() });
  console.log(welcome(demo));
  const stop = () => {
    process.off('SIGINT', stop).off('SIGTERM', stop); // A second Ctrl-C ends the demo the hard way.
    console.log('\n  The demo has ended.');
    void demo.close();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
