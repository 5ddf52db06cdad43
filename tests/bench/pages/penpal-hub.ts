// What a team would write with penpal instead of Lockstep: a plain JavaScript hub that answers the listed origins with
// the state it finds in localStorage. It reads Lockstep's record, so that both hubs answer with the same session.

import { connect, WindowMessenger } from 'penpal';

type Listed = { readonly apps: readonly { readonly origin: string }[] };
export type PenpalState = { readonly status: 'signed-in' | 'signed-out'; readonly subject?: string };
export type PenpalHub = { getState(): PenpalState };

const { apps }: Listed = JSON.parse(document.getElementById('config')?.textContent ?? '');

function getState(): PenpalState {
  const text = localStorage.getItem('lockstep');
  const record: { subject?: string; ended?: unknown } | null = text === null ? null : JSON.parse(text);
  if (!record?.subject || record.ended) return { status: 'signed-out' };
  return { status: 'signed-in', subject: record.subject };
}

connect({
  messenger: new WindowMessenger({ remoteWindow: parent, allowedOrigins: apps.map(({ origin }) => origin) }),
  methods: { getState },
});
