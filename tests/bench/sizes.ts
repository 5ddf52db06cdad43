import type { Measured } from './report.js'; export async function measureSizes(...a: unknown[]): Promise<Measured> { throw new Error('later'+a) }
