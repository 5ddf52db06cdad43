// Without Angular's compiler: decorators are called.

import '@angular/compiler';
import { Component, provideZonelessChangeDetection, signal } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { injectLockstep, injectSession, provideLockstep } from 'lockstep/angular';
import { finishLogin, getToken, session, signIn } from './login.js';

const problem = await finishLogin();

const Account = Component({
  selector: 'acme-account',
  template: `
    <p>Signed in as {{ account().subject }}</p>
    <button type="button" (click)="ask()">Get a token</button>
    <output>{{ token() }}</output>
    <button type="button" (click)="session.logout()">Sign out</button>
  `,
})(
  class {
    readonly account = injectSession();
    readonly session = injectLockstep();
    readonly token = signal('');

    async ask(): Promise<void> {
      this.token.set(await getToken());
    }
  },
);

const Page = Component({
  selector: 'acme-page',
  imports: [Account],
  template: `
    @switch (account().status) {
      @case ('connecting') { One moment … }
      @case ('signed-out') {
        <p>{{ problem }}</p>
        <button type="button" (click)="signIn()">Sign in</button>
      }
      @case ('signed-in') { <acme-account /> }
    }
  `,
})(
  class {
    readonly account = injectSession();
    readonly problem = problem;
    readonly signIn = signIn;
  },
);

document.getElementById('root')?.append(document.createElement('acme-page'));
await bootstrapApplication(Page, { providers: [provideZonelessChangeDetection(), provideLockstep(session)] });
