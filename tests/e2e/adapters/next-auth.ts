import { nextAuth } from 'lockstep/adapters/next-auth';
import { getSession, SessionProvider, signIn, signOut, useSession } from 'next-auth/react';
import { createElement, type FunctionComponent } from 'react';
import { createRoot } from 'react-dom/client';
import type { CreateLibrary } from './library.js';

/** Its children are given as arguments. */
const Provider = SessionProvider as FunctionComponent<{ readonly refetchOnWindowFocus: false }>;

export const createLibrary: CreateLibrary = async () => {
  const adapter = nextAuth({ signIn, signOut });
  let shown: string | undefined;
  function Shown() {
    shown = useSession().data?.user?.name ?? undefined;
    return null;
  }
  const root = createRoot(document.createElement('div'));
  root.render(createElement(Provider, { refetchOnWindowFocus: false }, createElement(Shown)));
  return {
    adapter,
    signIn: () => adapter.signIn('credentials', { name: 'ada', callbackUrl: `${location.origin}/` }),
    signInAs: (name) => adapter.signIn('credentials', { redirect: false, name }),
    finish: async () => {},
    signOut: () => adapter.signOut({ redirect: false }),
    renew: () => getSession(),
    holder: async () => shown,
  };
};
