// What the app of the conformance suite asks of a login library, in its own words. Each file beside this one makes it
// of a real library, whose adapter it gives to the app.

import type { LoginAdapter } from 'lockstep';

export type Library = {
  readonly adapter: LoginAdapter;
  /** Goes to the provider; `login` asks for a name again. */
  readonly signIn: (prompt?: 'login') => Promise<unknown>;
  /** By a form of the app's own, where the library has one. */
  readonly signInAs?: (user: string) => Promise<unknown>;
  /** On any other page, where the library wants that. */
  readonly start?: () => Promise<unknown>;
  /** On the page that the provider leads back to. */
  readonly finish: () => Promise<unknown>;
  /** The library's own logout. */
  readonly signOut: () => Promise<unknown>;
  /** Its own silent renewal, as an app may ask for it. */
  readonly renew: () => Promise<unknown>;
  /** Whose tokens this page holds. */
  readonly holder: () => Promise<string | undefined>;
};

export type LibraryOptions = {
  readonly issuer: string;
  /** With a refresh token, else by a hidden frame. */
  readonly refreshes: boolean;
};

export type CreateLibrary = (options: LibraryOptions) => Promise<Library>;
