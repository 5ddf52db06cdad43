import type { Measured } from './report.js'; export async function measureMemory(...a: unknown[]): Promise<Measured> { throw new Error('later'+a) }
