// What push costs a server and how soon it arrives: an idle stream, the time from a logout token to the last stream,
// many revocations a second over two nodes, and all browsers of a killed node at once. Beside it, in the same run, a
// server of events that does nothing else.

import { Agent, request } from 'node:http';
import type { BusKind, NodeProcess } from '../unit/server/cluster/processes.js';
import { buildNode, endAll, startBus, startIssuer, startNode } from '../unit/server/cluster/processes.js';
import type { TestIssuer } from '../unit/server/issuer.js';
import type { Chromium } from './chromium.js';
import { browsersOf, closeClients, openClient, openClients } from './push-clients.js';
import { type IdleStreams, measureIdleStreams } from './push-idle.js';
import { measurePushedTabs, type PushedTabs } from './push-tabs.js';
import { atMost, type Measured, ms, progress } from './report.js';
import type { Site } from './site.js';
import { type Summary, summary } from './stats.js';

type Issuing = { readonly issuer: TestIssuer; readonly jwksUri: string };
type Counts = { readonly idle: readonly number[]; readonly rounds: number; readonly revocations: number };

const full: Counts = { idle: [1_000, 5_000, 10_000], rounds: 200, revocations: 5_000 };
const small: Counts = { idle: [500, 1_000], rounds: 20, revocations: 1_000 };
const streamsOfUser = 50;
const perSecond = 1_000;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

export async function measurePush(browser: Chromium, site: Site, quick: boolean): Promise<Measured> {
  const counts = quick ? small : full;
  const inTabs = await measurePushedTabs(browser, site, quick);
  await buildNode();
  const { close, ...issuing } = await startIssuer();
  try {
    const idle = await measureIdleStreams(counts.idle, issuing.jwksUri);
    const latency = await latencyOf(counts, issuing);
    const rates = { redis: await rateOf('redis', counts, issuing), nats: await rateOf('nats', counts, issuing) };
    const back = {
      plain: await comeBack('plain', counts, issuing),
      lockstep: await comeBack('redis', counts, issuing),
    };
    return report(counts, { inTabs, idle, latency, rates, back });
  } finally {
    close();
    await endAll();
  }
}

/** From the first byte of the request until the last of the user's streams has its end. */
async function latencyOf({ rounds }: Counts, { issuer, jwksUri }: Issuing): Promise<Readonly<Record<string, Summary>>> {
  const bus = await startBus('redis');
  const alone = await startNode('memory', '', jwksUri);
  const [one, other] = [await startNode('redis', bus.url, jwksUri), await startNode('redis', bus.url, jwksUri)];
  const measure = async (posted: NodeProcess, held: NodeProcess): Promise<Summary> => {
    const samples: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const subject = `user-${round}`;
      const browsers = Array.from({ length: streamsOfUser }, (_, index) => ({
        subject,
        sessionId: `${subject}-${index}`,
      }));
      const clients = await openClients(held.port, browsers);
      const token = await issuer.logoutToken({ sub: subject, sid: undefined });
      const start = performance.now();
      const [ends] = await Promise.all([Promise.all(clients.map(({ endedAt }) => endedAt)), post(posted, token)]);
      samples.push(Math.max(...ends) - start);
      closeClients(clients);
    }
    return summary(samples);
  };
  progress(`push: a token to ${streamsOfUser} streams, ${rounds} times`);
  const results = { 'one node': await measure(alone, alone), 'two nodes, redis': await measure(one, other) };
  await Promise.all([alone, one, other, bus].map(({ kill }) => kill()));
  return results;
}

/** `processorMs`: of both nodes together, for each revocation; it does not depend on what else the machine does. */
type Rate = { readonly achieved: number; readonly processorMs: number; readonly latency: Summary };

/** Tokens that are posted to one node at a steady rate; each ends a stream of the other. */
async function rateOf(kind: BusKind, { revocations }: Counts, { issuer, jwksUri }: Issuing): Promise<Rate> {
  progress(`push: ${perSecond} revocations a second over two nodes, ${kind}`);
  const bus = await startBus(kind);
  const [one, other] = [await startNode(kind, bus.url, jwksUri), await startNode(kind, bus.url, jwksUri)];
  const browsers = browsersOf(revocations, 'rate');
  const tokens = await Promise.all(
    browsers.map(({ sessionId }) => issuer.logoutToken({ sid: sessionId, sub: undefined })),
  );
  const clients = await openClients(other.port, browsers);
  const used = async () => {
    const [here, there] = await Promise.all([one.resources(), other.resources()]);
    return here.processorMs + there.processorMs;
  };
  const before = await used();
  const start = performance.now();
  const sentAt = tokens.map((_, index) => start + (index * 1_000) / perSecond);
  const posts = sentAt.map(async (at, index) => {
    await new Promise((done) => setTimeout(done, at - performance.now()));
    await post(one, tokens[index] ?? '');
  });
  await Promise.all(posts);
  const endedAt = await Promise.all(clients.map((client) => client.endedAt));
  // From when each was due: where the server falls behind, its queue is a part of the time.
  const latency = summary(endedAt.map((at, index) => at - (sentAt[index] ?? 0)));
  const processorMs = ((await used()) - before) / revocations;
  closeClients(clients);
  await Promise.all([one, other, bus].map(({ kill }) => kill()));
  return { achieved: (revocations * 1_000) / (Math.max(...endedAt) - start), processorMs, latency };
}

/** From the kill of a node until each of its browsers knows its level at the other; all at the same moment. */
async function comeBack(kind: 'plain' | 'redis', { idle }: Counts, { jwksUri }: Issuing): Promise<Summary> {
  const count = idle.at(-1) ?? 0;
  progress(`push: ${count} browsers of a killed node, ${kind}`);
  const bus = await startBus('redis');
  const [one, other] = [await startNode(kind, bus.url, jwksUri), await startNode(kind, bus.url, jwksUri)];
  const browsers = browsersOf(count, 'back');
  const clients = await openClients(one.port, browsers);
  const closed = Promise.all(clients.map(({ socket }) => new Promise((done) => socket.once('close', done))));
  const start = performance.now();
  await one.kill();
  await closed;
  const back = await Promise.all(browsers.map((browser) => openClient(other.port, browser)));
  const times = summary(back.map(({ openedAt }) => openedAt - start));
  closeClients(back);
  await Promise.all([other, bus].map(({ kill }) => kill()));
  return times;
}

function post({ port }: NodeProcess, token: string): Promise<void> {
  const body = `logout_token=${token}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length };
  return new Promise((resolve, reject) => {
    const sent = request(
      { port, host: '127.0.0.1', path: '/backchannel', method: 'POST', headers, agent },
      (response) => {
        response.resume().on('end', resolve);
        if (response.statusCode !== 200) reject(new Error(`A token was answered with ${response.statusCode}.`));
      },
    );
    sent.on('error', reject).end(body);
  });
}

type Results = {
  readonly inTabs: PushedTabs;
  readonly idle: IdleStreams;
  readonly latency: Readonly<Record<string, Summary>>;
  readonly rates: Readonly<Record<string, Rate>>;
  readonly back: Readonly<Record<'plain' | 'lockstep', Summary>>;
};

function report({ idle: counts, rounds, revocations }: Counts, results: Results): Measured {
  const { inTabs, idle, latency, rates, back } = results;
  const tabs = summary(inTabs.lastMs);
  const kB = (bytes: number) => (bytes / 1_000).toFixed(1);
  const last = counts.at(-1) ?? 0;
  return {
    tables: [
      {
        title: `Push: from a logout token at the server to the last of ${inTabs.tabs} tabs of three apps, Chromium, ms`,
        head: ['p50', 'p99', 'max', 'streams at once'],
        rows: [[ms(tabs.p50), ms(tabs.p99), ms(tabs.max), String(inTabs.streamsMax)]],
        notes: [`${tabs.count} tokens one after the other; all tabs but one are hidden.`],
      },
      {
        title: 'Push: what an idle stream costs its server',
        head: [
          '',
          ...counts.map((count) => `resident, ${count}, kB`),
          `system, ${last}, kB`,
          `processor, ${last}, ms/h`,
        ],
        rows: Object.entries(idle).map(([name, { residentBytes, systemBytes, processorMsAnHour }]) => [
          ...[name, ...residentBytes.map(kB), kB(systemBytes), processorMsAnHour.toFixed(0)],
        ]),
        notes: [
          'Over loopback; what runs in Node after a garbage collection. HTTP/2 has TLS, as browsers want it.',
          '`system`: memory of the kernel for one of the two ends. `processor`: a comment every 20 s is in it.',
        ],
      },
      {
        title: `Push: from posting a logout token to the end of the last of ${streamsOfUser} streams, ms`,
        head: ['', 'p50', 'p99', 'max'],
        rows: Object.entries(latency).map(([name, times]) => [name, ms(times.p50), ms(times.p99), ms(times.max)]),
        notes: [`${rounds} tokens one after the other; each is verified (RS256).`],
      },
      {
        title: `Push: ${revocations} revocations at ${perSecond} a second, posted to one node, streams at another, ms`,
        head: ['', 'a second', 'p50', 'p99', 'max', 'processor'],
        rows: Object.entries(rates).map(([name, { achieved, processorMs, latency: times }]) => [
          ...[name, achieved.toFixed(0), ms(times.p50), ms(times.p99), ms(times.max), ms(processorMs)],
        ]),
        notes: [
          'From when each was due. Buses, nodes and clients share this machine.',
          '`processor`: time of both nodes for each, which does not depend on what else the machine does.',
        ],
      },
      {
        title: `Push: ${last} browsers of a killed node come back at the same moment, ms`,
        head: ['', 'p50', 'p99', 'last'],
        rows: [
          ['a plain server of events', ms(back.plain.p50), ms(back.plain.p99), ms(back.plain.max)],
          ['Lockstep, redis', ms(back.lockstep.p50), ms(back.lockstep.p99), ms(back.lockstep.max)],
        ],
        notes: ['Real browsers come back over four seconds, each at a random time (`retry`).'],
      },
    ],
    bars: [
      atMost(
        `memory of an idle stream, ${last} of them`,
        (idle.Lockstep?.residentBytes.at(-1) ?? Number.NaN) / 1_000,
        15,
        'kB',
        1,
      ),
      atMost(`a token to ${inTabs.tabs} tabs, p99`, tabs.p99, 50, 'ms'),
      atMost('streams of a browser at once', inTabs.streamsMax, 1, ''),
      atMost(`a token to ${streamsOfUser} streams, p99`, latency['one node']?.p99 ?? Number.NaN, 50, 'ms'),
    ],
    results,
  };
}
