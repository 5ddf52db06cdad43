/** An app has this long to answer a duty (PROTOCOL.md §3); what a library may take is no longer. */
export const dutyMsMax = 10_000;
