import { type ApplicationConfig, Component } from '@angular/core';
import { provideClientHydration } from '@angular/platform-browser';
import { connect } from 'lockstep';
import { injectLockstep, injectSession, provideLockstep } from 'lockstep/angular';

/** The build defines it. */
declare const HUB: string;

@Component({
  selector: 'acme-page',
  template: `
    @switch (account().status) {
      @case ('signed-out') {
        <button type="button" (click)="signIn()">Sign in</button>
      }
      @case ('signed-in') {
        <p>Signed in as {{ account().subject }} <button type="button" (click)="session.logout()">Sign out</button></p>
      }
      @default {
        <p>One moment …</p>
      }
    }
  `,
})
export class Page {
  readonly account = injectSession();
  readonly session = injectLockstep();

  signIn(): void {
    this.session.beginLogin();
    void this.session.login({ subject: 'ada' });
  }
}

export const session = connect({ hub: HUB });

export const config: ApplicationConfig = {
  providers: [provideClientHydration(), provideLockstep(session)],
};
