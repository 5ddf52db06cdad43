#!/usr/bin/env node
// The command `lockstep`: reads the arguments and hands them on. Exit code 0 when done, 1 for a fault of any kind;
// `doctor` is for scripts, too, and has another exit code for wrong usage (2).

import { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { runBuild } from './command-build.js';
import { runDev } from './command-dev.js';
import { runDoctor } from './command-doctor.js';
import { runInit } from './command-init.js';
import { runServe, type ServeOptions } from './command-serve.js';
import { print } from './terminal.js';

type DoctorArguments = {
  readonly json: boolean;
  readonly timeout: string;
  readonly browser?: string | boolean;
  readonly issuer?: string;
};

const configName = 'lockstep.config.json';

const program = new Command('lockstep')
  .description('Keeps one sign-in session in lockstep over every tab and every micro-app.')
  .version(manifest.version)
  .configureOutput({
    writeOut: (text) => print(process.stdout, text),
    writeErr: (text) => print(process.stderr, text),
  })
  .showHelpAfterError('(see lockstep --help)')
  .showSuggestionAfterError();

program
  .command('init')
  .description(`write a commented ${configName} to start from`)
  .option('-c, --config <file>', 'the file to write', configName)
  .option('-f, --force', 'overwrite the file if it is there', false)
  .action(async (options: { config: string; force: boolean }) => {
    process.exitCode = await runInit(options);
  });

program
  .command('build')
  .description('check the configuration and write the folder to deploy to the origin of the hub')
  .option('-c, --config <file>', 'the configuration', configName)
  .option('-o, --out <folder>', 'the folder to write: new, empty, or an earlier build', 'lockstep-hub')
  .addHelpText(
    'after',
    `
Every fault of the configuration is named at once, as file:line:column, and nothing is written.
The same configuration and the same version of Lockstep give the same bytes.

Example:
  npx lockstep build --config config/hub.json --out dist/hub`,
  )
  .action(async (options: { config: string; out: string }) => {
    const artefacts = new URL('../hub/', import.meta.url);
    process.exitCode = await runBuild({ ...options, version: manifest.version, artefacts });
  });

program
  .command('dev')
  .description('run a hub on this machine, for every app of it, while you develop')
  .option('-p, --port <number>', 'where it listens', '5180')
  .option('-c, --config <file>', `the configuration (default: ${configName}, if it is there)`)
  .option('--as <name>', 'a login page that signs this user in, while you have no provider: /sign-in')
  .option('--open [urls...]', 'open it, and your apps, in the browser (default: those that the configuration names)')
  .addHelpText(
    'after',
    `
Any app on a loopback origin (http://localhost:PORT) may use it. It is reached from this machine alone, and writes
nothing. The configuration is read again when it changes; of it count the times of a session, and the apps on this
machine that it names, with what it gives them.

Examples:
  npx lockstep dev
  npx lockstep dev --as ada --open http://localhost:5173/ http://localhost:5174/`,
  )
  .action(async (options: { config?: string; port: string; as?: string; open?: true | string[] }) => {
    const artefacts = new URL('../hub/', import.meta.url);
    const { config, as, open } = options;
    process.exitCode = await runDev({ ...options, config, as, open, usualConfig: configName, artefacts });
  });

program
  .command('serve')
  .description('serve a built hub, with push and the session check, for production')
  .argument('[folder]', 'what "lockstep build" has written', 'lockstep-hub')
  .option('-p, --port <number>', 'where it listens', '8080')
  .option('--host <address>', 'the address it listens at; 0.0.0.0 for all', '127.0.0.1')
  .option('--push <module>', 'an ES module: its default export are the options of createPushServer')
  .option('--redis <url>', 'the bus that connects several of these, such as redis://127.0.0.1:6379')
  .option('--nats <url>', 'the same over NATS with JetStream, such as nats://127.0.0.1:4222')
  .option('--cert <file>', 'a certificate (PEM), for https with HTTP/2; otherwise put a proxy in front')
  .option('--key <file>', 'its key (PEM)')
  .addHelpText(
    'after',
    `
With --push it also answers, beside the hub's page, POST backchannel-logout, GET frontchannel-logout and
POST security-events, and push.url and check.url of the configuration. /healthz says that it runs.
SIGTERM ends the streams and lets requests finish. The log is JSON, a line each, and names nobody.

Example:
  npx lockstep serve lockstep-hub --push push.mjs --redis redis://127.0.0.1:6379`,
  )
  .action(async (folder: string, options: Omit<ServeOptions, 'folder'>) => {
    process.exitCode = await runServe({ ...options, folder });
  });

program
  .command('doctor')
  .description('look at a deployed hub from outside, and in a browser, and say what is wrong')
  .argument('<url>', 'the URL of the hub, as in its configuration')
  .option('--json', 'print one object for programs', false)
  .option('--timeout <seconds>', 'how long to wait for each answer', '10')
  .option('--browser <path>', 'a browser of the Chromium family (default: the first found)')
  .option('--no-browser', 'use no browser')
  .option('--issuer <url>', 'the provider that the hub asks, which is tried then, too')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .addHelpText(
    'after',
    `
It asks for the page, the http twin, and check.url or the callback page, all without cookies. In a browser, in a
fresh profile, it embeds the hub at the origins of its apps and at one that is not listed; no server of an app is asked.
Behind a proxy, HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY count for both.
Exit code 0: no fault; 1: a fault, or nothing answers; 2: wrong usage.

Example:
  npx lockstep doctor https://hub.acme.com/`,
  )
  .action(async (url: string, options: DoctorArguments) => {
    const browser = options.browser === true ? undefined : options.browser;
    process.exitCode = await runDoctor({
      ...options,
      browser,
      issuer: options.issuer,
      url,
      version: manifest.version,
      artefacts: new URL('../hub/', import.meta.url),
      probe: new URL('probe.js', import.meta.url),
    });
  });

await program.parseAsync().catch((cause: unknown) => {
  print(process.stderr, `${cause instanceof Error ? cause.stack : cause}\n`);
  process.exitCode = 1;
});
