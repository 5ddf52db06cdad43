// Once before all workers: they would make certificates of their own otherwise, and a browser trusts the one that it
// was started with.

import { certificate } from './certificate.js';

export default function prepare(): void {
  certificate();
}
