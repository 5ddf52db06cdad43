import { html, LitElement, render } from 'lit';
import { SessionController } from 'lockstep/lit';
import { finishLogin, getToken, session, signIn } from './login.js';

const problem = await finishLogin();

class Page extends LitElement {
  token = '';
  readonly account = new SessionController(this, session);

  async ask(): Promise<void> {
    this.token = await getToken();
    this.requestUpdate();
  }

  override render() {
    const { status, subject } = this.account.value;
    if (status === 'signed-out') return html`<p>${problem}</p><button @click=${signIn}>Sign in</button>`;
    if (status !== 'signed-in') return html`One moment …`;
    return html`
      <p>Signed in as ${subject}</p>
      <button @click=${this.ask}>Get a token</button>
      <output>${this.token}</output>
      <button @click=${() => session.logout()}>Sign out</button>
    `;
  }
}
customElements.define('acme-page', Page);
render(html`<acme-page></acme-page>`, document.getElementById('root') as HTMLElement);
