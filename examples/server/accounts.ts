// Who can sign in to the demo. The passwords are shown on the login page on purpose: there is nothing to protect here,
// and this file must never become a model for keeping real ones.

export type DemoUser = {
  readonly subject: string;
  readonly login: string;
  readonly password: string;
  readonly name: string;
  readonly email: string;
};

export const demoUsers: readonly DemoUser[] = [
  { subject: 'u-1815', login: 'ada', password: 'analytical', name: 'Ada Lovelace', email: 'ada@acme.example' },
  { subject: 'u-1906', login: 'grace', password: 'compiler', name: 'Grace Hopper', email: 'grace@acme.example' },
  {
    subject: 'u-1912',
    login: 'alan',
    password: 'enigma',
    name: 'Alan Turing',
    email: 'alan@acme.example',
  },
];

export const userWithPassword = (login: string, password: string): DemoUser | undefined =>
  demoUsers.find((user) => user.login === login.trim().toLowerCase() && user.password === password);

export const userWithSubject = (subject: string): DemoUser | undefined =>
  demoUsers.find((user) => user.subject === subject);
