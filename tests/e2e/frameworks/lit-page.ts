// A small app in Lit, as a stranger would write it from docs/lit.md. It is rendered on a server first.

import { html, LitElement } from 'lit';
import type { Session } from 'lockstep';
import { SessionController, SessionEventController } from 'lockstep/lit';

export function definePage(session: Session): void {
  class Page extends LitElement {
    log = '';
    readonly account = new SessionController(this, session);
    readonly logout = new SessionEventController(this, session, 'logout', ({ reason, own }) => {
      this.log = `${own ? 'my ' : ''}${reason}`;
      this.requestUpdate();
    });

    signIn(): void {
      session.beginLogin();
      void session.login({ subject: 'ada' });
    }

    override render() {
      const { status } = this.account.value;
      return html`<div class=${status}>${this.shown()}</div><output>${this.log}</output>`;
    }

    shown() {
      const snapshot = this.account.value;
      if (snapshot.status === 'signed-out') return html`<button @click=${this.signIn}>Sign in</button>`;
      if (snapshot.status !== 'signed-in') return html`One moment …`;
      return html`<p>Signed in as ${snapshot.subject} <button @click=${() => session.logout()}>Sign out</button></p>`;
    }
  }
  customElements.define('acme-page', Page);
}
