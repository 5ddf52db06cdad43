// Every bound and every time of the client, in one place. Those that only a later file needs are there.

/** PROTOCOL.md §1 and §2. */
export const protocolVersion = 1;
export const clientVersion = '0.1.0';
export const messageUnitsMax = 8192;
export const messageDepthMax = 8;
export const subjectBytesMax = 256;

/** A hub replies to a check within 30 s: it may wait for a tab that is gone, and then for another. */
export const checkMsMax = 40_000;
export const timeoutMsDefault = 10_000;
/** What a browser's timer can hold. */
export const timeoutMsMax = 2 ** 31 - 1;
export const diagnosisMsMax = 5000;
/**
 * How long the frame waits for the page's `load` event, which it would delay. A page that hangs gets its session
 * nevertheless.
 */
export const loadWaitMsMax = 1000;
/** While the browser says that it is offline only a hub on this machine can answer, and that one is quick. */
export const offlineMsMax = 800;
export const reconnectMsMin = 1000;
export const reconnectMsMax = 60_000;
export const touchMsMin = 1000;
/** After this silence of the hub the user's next act asks whether it still lives. */
export const quietMsMax = 10_000;

/** The query parameter that leads back from the login page, and how long an address in it may be. */
export const returnParameterDefault = 'return';
export const returnUnitsMax = 8192;

/** So often in so long a tab goes to the login page, and nobody signs in: then it stays where it is. */
export const departuresMax = 2;
export const departureMsMax = 30_000;

/** As milliseconds in 1973, as seconds in the year 5138: a smaller number was meant as seconds. */
export const epochMsMin = 1e11;
