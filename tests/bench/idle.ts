import type { Measured } from './report.js'; export async function measureIdle(...a: unknown[]): Promise<Measured> { throw new Error('later'+a) }
