// What the pages of a round have noted: everything that an app was shown, everything it did, and how that went. The
// pages send it to the server at once, so that a crash takes little of it along.

export type How = 'form' | 'silent' | 'redirect';

type Origin = {
  readonly tab: string;
  readonly document: string;
  /** Within its document. */
  readonly number: number;
  /** By the one clock of the machine, in ms. */
  readonly at: number;
};
/** `login` is the number of the login that a session shows in its claims. */
export type Note = Origin &
  (
    | { readonly type: 'document' | 'pageshow' | 'click' | 'barrier' }
    | {
        readonly type: 'snapshot';
        readonly status: string;
        readonly reason?: string;
        readonly subject?: string;
        readonly login?: number;
        readonly scope: string;
        readonly error?: string;
      }
    | { readonly type: 'login' | 'logout' | 'user-change' | 'scope' }
    | { readonly type: 'error'; readonly code: string; readonly message: string }
    | {
        readonly type: 'login-begins';
        readonly login: number;
        readonly how: How;
        readonly given: { readonly subject: string };
      }
    | { readonly type: 'login-called'; readonly login: number; readonly how: How }
    | { readonly type: 'login-ended'; readonly login: number; readonly how: How; readonly outcome: string }
    | { readonly type: 'logout-called'; readonly login?: number }
    | { readonly type: 'logout-ended'; readonly login?: number; readonly outcome: string; readonly calledAt: number }
    | { readonly type: 'check-called' }
    | { readonly type: 'check-ended'; readonly outcome: string }
  );
export type NoteOf<Type extends Note['type']> = Extract<Note, { readonly type: Type }>;
