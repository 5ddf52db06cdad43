// The certificate of every https server of the tests, signed by itself and made anew by openssl when it is a week old.
// Chromium is set to trust its key, since what a browser loads in spite of a wrong certificate it does not cache; the
// others are set to accept what they get.

import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Tls } from '../../e2e/support/listen.js';

const weekMs = 7 * 86_400_000;

/** Where the suite puts what it makes for itself. */
export function buildFolder(): string {
  const folder = fileURLToPath(new URL('../../../build/engines/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function certificate(): Tls & { readonly keyHash: string } {
  const file = join(buildFolder(), 'certificate.pem');
  if (!existsSync(file) || Date.now() - statSync(file).mtimeMs > weekMs) make(file);
  const both = readFileSync(file, 'utf8');
  const { publicKey } = new X509Certificate(both.slice(both.indexOf('-----BEGIN CERTIFICATE')));
  const keyHash = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
  return { key: both, cert: both, keyHash };
}

function make(file: string): void {
  const folder = buildFolder();
  const [key, cert, both] = ['key', 'cert', 'both'].map((name) => join(folder, `${name}.${process.pid}.pem`)) as [
    string,
    string,
    string,
  ];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
  const subject = ['-subj', '/CN=acme.com', '-addext', 'subjectAltName=DNS:acme.com', '-days', '30'];
  execFileSync('openssl', ['req', '-x509', ...newKey, ...subject, '-out', cert], { stdio: 'pipe' });
  execFileSync('sh', ['-c', 'cat "$1" "$2" > "$3"', 'sh', key, cert, both]);
  // No half file is ever seen.
  renameSync(both, file);
  for (const path of [key, cert]) rmSync(path);
}
