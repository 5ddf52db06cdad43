import type { Measured } from './report.js'; export async function measureConnect(...a: unknown[]): Promise<Measured> { throw new Error('later'+a) }
