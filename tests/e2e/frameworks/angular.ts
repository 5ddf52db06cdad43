// A small app in Angular with zone.js, as a stranger would write it from docs/angular.md. It counts what wakes its
// zone.

import '@angular/compiler';
import 'zone.js';
import { Component, NgZone, provideZoneChangeDetection, signal } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { injectLockstep, injectSession, injectSessionEvent, provideLockstep } from 'lockstep/angular';

// As decorators, but called: the project's compiler knows the standard's decorators, Angular's are older.
const Account = Component({
  selector: 'acme-account',
  template: `
    <p>Signed in as {{ account().subject }} <button type="button" (click)="session.logout()">Sign out</button></p>
  `,
})(
  class {
    readonly account = injectSession();
    readonly session = injectLockstep();
  },
);

const Page = Component({
  selector: 'acme-page',
  imports: [Account],
  template: `
    @switch (account().status) {
      @case ('connecting') { One moment … }
      @case ('signed-out') { <button type="button" (click)="signIn()">Sign in</button> }
      @case ('signed-in') { <acme-account /> }
    }
    <output>{{ log() }}</output>
  `,
})(
  class {
    readonly account = injectSession();
    readonly session = injectLockstep();
    readonly log = signal('');

    constructor() {
      injectSessionEvent('logout', ({ reason, own }) => this.log.set(`${own ? 'my ' : ''}${reason}`));
    }

    signIn(): void {
      this.session.beginLogin();
      void this.session.login({ subject: 'ada' });
    }
  },
);

document.body.append(document.createElement('acme-page'));
const { hub = '' } = document.documentElement.dataset;
const app = await bootstrapApplication(Page, { providers: [provideZoneChangeDetection(), provideLockstep({ hub })] });
await app.whenStable();
let woken = 0;
app.injector.get(NgZone).onUnstable.subscribe(() => {
  woken += 1;
  document.documentElement.dataset.woken = `${woken}`;
});
document.documentElement.dataset.woken = '0';
