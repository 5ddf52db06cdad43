// `lockstep/server`: what a server says to the browser. Web-standard handlers, for Node 20 and later.

export { type Bus, type BusListener, type MemoryBusOptions, memoryBus } from './bus.js';
export { type Channel, sessionChannel, subjectChannel } from './channel.js';
export { PushError, type PushErrorCode } from './errors.js';
export { type NatsBusOptions, type NatsConnection, natsBus } from './nats-bus.js';
export { type NodeHandler, type NodeRequest, type NodeResponse, toNodeHandler } from './node.js';
export type { Issuer, KnownSession, LogEntry, PushOptions, SecurityEvents } from './options.js';
export { createPushServer, type Handler, type Health, type PushServer, type Revocation } from './push-server.js';
export type { End, EpochMs } from './recent.js';
export { type IoRedisClient, type NodeRedisClient, type RedisBusOptions, redisBus } from './redis-bus.js';
