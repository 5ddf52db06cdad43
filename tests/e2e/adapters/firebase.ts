import { initializeApp } from '@firebase/app';
import {
  connectAuthEmulator,
  getAuth,
  signInWithCustomToken,
  signInWithEmailAndPassword,
  signOut,
} from '@firebase/auth';
import { firebase } from 'lockstep/adapters/firebase';
import type { CreateLibrary } from './library.js';

export const createLibrary: CreateLibrary = async ({ issuer }) => {
  const auth = getAuth(initializeApp({ apiKey: 'none', authDomain: new URL(issuer).host }));
  connectAuthEmulator(auth, issuer, { disableWarnings: true });
  /** The app's own way to a session without the user. */
  const silent = async () => {
    const response = await fetch(`${issuer}/silent`);
    if (response.ok) await signInWithCustomToken(auth, (await response.json()).token);
  };
  const signInAs = (user: string) => signInWithEmailAndPassword(auth, `${user}@acme.com`, 'correct horse');
  return {
    adapter: firebase(auth, { silent }),
    signIn: () => signInAs('ada'),
    signInAs,
    finish: async () => {},
    signOut: () => signOut(auth),
    renew: async () => auth.currentUser?.getIdToken(true),
    holder: async () => auth.currentUser?.uid,
  };
};
