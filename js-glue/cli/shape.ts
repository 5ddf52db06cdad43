// Checks the configuration's shape against the published JSON Schema and says each fault in a plain sentence. The
// schema is the one list of keys, types and bounds; what a schema cannot say (origins, sites) is config.ts.

import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import schema from './lockstep.schema.json' with { type: 'json' };
import type { Finding, Path, Source } from './source.js';
import { didYouMean } from './suggest.js';

export type Capability = 'read' | 'login' | 'logout' | 'activity';

/** PROTOCOL.md §5: the order capabilities are written in. */
export const capabilities: readonly Capability[] = ['read', 'login', 'logout', 'activity'];

/** A configuration of the right shape; its origins are not checked yet. */
export type Shape = {
  readonly hub: string;
  readonly apps: Readonly<Record<string, readonly Capability[]>>;
  readonly embedders?: readonly string[];
  readonly inspect?: readonly string[];
  readonly session?: {
    readonly idleTimeoutSeconds?: number;
    readonly idleWarningSeconds?: number;
    readonly checkBeforeExpirySeconds?: number;
    readonly maxLifetimeSeconds?: number;
    readonly persistence?: 'device' | 'browser';
  };
  readonly check?: Readonly<Partial<Record<'url' | 'issuer' | 'clientId' | 'authorizationEndpoint', string>>>;
  readonly issuer?: string;
  readonly push?: { readonly url: string };
};

const validate = new Ajv2020({ allErrors: true, verbose: true }).compile<Shape>(schema);

export function hasShape(value: unknown): value is Shape {
  return validate(value);
}

export function shapeFaults(source: Source): readonly Finding[] {
  if (validate(source.value)) return [];
  return (validate.errors ?? []).flatMap((error) => sentence(source, error) ?? []);
}

function sentence(source: Source, error: ErrorObject): Finding | undefined {
  const path = toPath(error.instancePath);
  const name = path.length === 0 ? 'the configuration' : JSON.stringify(path.at(-1));
  const list = Array.isArray(error.data) ? error.data : [];
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(error.params.additionalProperty);
      const allowed = Object.keys(error.parentSchema?.properties ?? {}).filter((member) => member !== '$schema');
      return source.atKey([...path, key], `has the unknown key ${JSON.stringify(key)}`, didYouMean(key, allowed));
    }
    case 'dependentRequired':
    case 'required': {
      const key = String(error.params.missingProperty);
      return source.at(path, `lacks the key "${key}"`, missing[[...path, key].join('.')]);
    }
    case 'enum':
      if (path[0] !== 'apps') {
        const allowed: readonly string[] = error.params.allowedValues;
        return source.at(path, `${name} must be ${allowed.map((each) => JSON.stringify(each)).join(' or ')}`);
      }
      return typeof error.data === 'string'
        ? source.at(
            path,
            `has the unknown capability ${JSON.stringify(error.data)}`,
            didYouMean(error.data, capabilities),
          )
        : source.at(path, 'has a capability that is not text', `allowed: ${capabilities.join(', ')}`);
    case 'contains':
      // An empty list is one fault, not two.
      if (list.length === 0) return undefined;
      return source.at(path, `${name} lacks the capability "read": without it an app learns nothing`, 'add "read"');
    case 'minItems':
      return source.at(path, `${name} has an empty list of capabilities`, 'begin with ["read"], or remove the app');
    case 'uniqueItems':
      return source.at([...path, String(error.params.i)], `${name} has a capability twice`, 'remove one');
    case 'minProperties':
      return source.at(path, 'allows no app', 'add the origin of an app to "apps"');
    case 'maxProperties':
      return source.at(path, `has more than ${error.params.limit.toLocaleString('en')} apps`, 'write *. for one label');
    case 'maxItems':
      return source.at(path, `${name} has more than ${error.params.limit.toLocaleString('en')} entries`);
    case 'minimum':
      return source.at(
        path,
        `${name} must be at least ${error.params.limit} second`,
        'leave the key out to switch it off',
      );
    case 'maximum':
      return source.at(path, `${name} must be at most ${error.params.limit.toLocaleString('en')} seconds (a year)`);
    case 'minLength':
      return source.at(path, `${name} is empty`, missing[path.join('.')]);
    case 'maxLength':
      return source.at(path, `${name} has more than ${error.params.limit} characters`);
    case 'type':
      return source.at(
        path,
        `${name} must be ${typeWords[error.params.type] ?? error.params.type}, not ${kindOf(error.data)}`,
      );
    default:
      // `const` is the inside of `contains`, which speaks for it.
      return undefined;
  }
}

const missing: Readonly<Record<string, string>> = {
  hub: 'add for example "hub": "https://hub.acme.com/"',
  'check.issuer': 'add for example "issuer": "https://login.acme.com"',
  'check.clientId': 'add for example "clientId": "lockstep-hub"',
  'push.url': 'add for example "url": "/events"',
  issuer: 'add for example "issuer": "https://login.acme.com"',
  apps: 'add for example "apps": { "https://portal.acme.com": ["read", "logout"] }',
};

const typeWords: Readonly<Record<string, string>> = {
  object: 'an object { … }',
  array: 'a list [ … ]',
  string: 'text in double quotes',
  integer: 'a whole number',
};

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'text';
  return String(value);
}

// RFC 6901: a JSON Pointer. Ajv adds a URI fragment's escapes only to schema paths.
function toPath(pointer: string): Path {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
