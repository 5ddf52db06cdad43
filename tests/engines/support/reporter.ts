// Writes build/results/engines.json: the rows and figures of the tests that passed, in an order that does not depend on
// who was first.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FullConfig, FullResult, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import type { EngineName } from './engine.js';
import type { Figures, Row } from './rows.js';

export type Results = {
  /** Engines whose every test ran and passed. */
  readonly whole: readonly EngineName[];
  readonly rows: readonly (Row & { readonly engine: EngineName })[];
  readonly figures: readonly (Figures & { readonly engine: EngineName })[];
};

const file = fileURLToPath(new URL('../../../build/results/engines.json', import.meta.url));

export default class EngineReporter implements Reporter {
  #order = new Map<string, number>();
  #ended: {
    readonly engine: EngineName;
    readonly place: number;
    readonly passed: boolean;
    readonly result: TestResult;
  }[] = [];
  #projects = new Set<string>();

  onBegin(_: FullConfig, suite: Suite): void {
    for (const test of suite.allTests()) {
      // Files and tests as they are written, the same in each engine.
      const key = keyOf(test);
      if (!this.#order.has(key)) this.#order.set(key, this.#order.size);
      this.#projects.add(engineOf(test));
    }
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const place = this.#order.get(keyOf(test)) ?? 0;
    this.#ended.push({ engine: engineOf(test), place, passed: test.outcome() === 'expected', result });
  }

  onEnd(_: FullResult): void {
    const ended = this.#ended.sort((a, b) => a.place - b.place);
    const of = <Kind>(type: string): (Kind & { readonly engine: EngineName })[] =>
      ended
        .filter(({ passed }) => passed)
        .flatMap(({ engine, result }) =>
          result.annotations
            .filter((each) => each.type === type)
            .map(({ description = '{}' }) => ({ engine, ...(JSON.parse(description) as Kind) })),
        );
    const whole = [...this.#projects].filter((name) => ended.every(({ engine, passed }) => engine !== name || passed));
    const figures = of<Figures>('figures');
    for (const { engine, name, rounds, p50, p99, first } of figures) {
      const begin = first === undefined ? '' : `; the first one ${first} ms`;
      console.log(`  ${engine}: ${name}: p50 ${p50} ms, p99 ${p99} ms (${rounds} rounds${begin})`);
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ whole, rows: of<Row>('row'), figures }, null, 2)}\n`);
  }
}

const keyOf = (test: TestCase) => `${test.location.file}:${test.titlePath().slice(2).join(' › ')}`;
const engineOf = (test: TestCase) => test.parent.project()?.name as EngineName;
