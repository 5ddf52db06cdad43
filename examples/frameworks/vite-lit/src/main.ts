import { html, LitElement } from 'lit';
import { SessionController } from 'lockstep/lit';
import { session } from './session';

class Page extends LitElement {
  readonly account = new SessionController(this, session);

  signIn(): void {
    session.beginLogin();
    void session.login({ subject: 'ada' });
  }

  override render() {
    const { status, subject } = this.account.value;
    if (status === 'signed-out') return html`<button type="button" @click=${this.signIn}>Sign in</button>`;
    if (status !== 'signed-in') return html`One moment …`;
    return html`<p>Signed in as ${subject} <button type="button" @click=${session.logout}>Sign out</button></p>`;
  }
}

customElements.define('acme-page', Page);
