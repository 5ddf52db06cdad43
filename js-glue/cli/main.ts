#!/usr/bin/env node
// The command `lockstep`: reads the arguments and hands them on. Exit code 0 when done, 1 for a fault of any kind.

import { Command } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import { runBuild } from './command-build.js';
import { runInit } from './command-init.js';

const configName = 'lockstep.config.json';

const program = new Command('lockstep')
  .description('Keeps one sign-in session in lockstep over every tab and every micro-app.')
  .version(manifest.version)
  .showHelpAfterError('(lockstep --help tells more)')
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
Scripts and modules that an earlier build left in the folder stay there: pages that browsers have kept may ask for them.

Example:
  npx lockstep build --config config/hub.json --out dist/hub`,
  )
  .action(async (options: { config: string; out: string }) => {
    const artefacts = new URL('../hub/', import.meta.url);
    process.exitCode = await runBuild({ ...options, version: manifest.version, artefacts });
  });

await program.parseAsync();
