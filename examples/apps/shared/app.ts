// Puts an app together: session and login library, timeline, view. The three apps differ in their content alone.

import type { AppName } from '../../places.js';
import { createSignIn } from './sign-in.js';
import { createTimeline, reportAct } from './timeline.js';
import { createView } from './view.js';

export function startApp(app: AppName, content: HTMLElement): void {
  const root = document.getElementById('app');
  if (root === null) throw new Error('The page has no element "app" to draw into.');

  const signIn = createSignIn({
    clientId: app,
    onTokens: () => drawSoon(),
    onAct(act, { signedInAt }, at) {
      if (act === 'logout') reportAct(signedInAt, at);
      timeline.add({ kind: 'act', text: act === 'login' ? 'You signed in here' : 'You pressed "Sign out" here', at });
    },
  });
  const { session } = signIn;
  const timeline = createTimeline(session, () => drawSoon());

  const fail = (error: unknown): void =>
    timeline.add({ kind: 'error', text: error instanceof Error ? error.message : String(error), at: Date.now() });

  const view = createView(root, app, content, {
    signIn: () => void signIn.signIn().catch(fail),
    switchUser: () => void signIn.switchUser().catch(fail),
    signOut: () => void signIn.signOut().catch(fail),
    stay: () => session.touch(),
  });

  function draw(): void {
    isDrawing = false;
    view.show({
      snapshot: session.getSnapshot(),
      tokens: signIn.getTokens(),
      holder: signIn.getHolder(),
      entries: timeline.getEntries(),
    });
  }

  // Once for all that one message changes, and after every listener has noted its time.
  let isDrawing = false;
  function drawSoon(): void {
    if (!isDrawing) queueMicrotask(draw);
    isDrawing = true;
  }

  session.subscribe(drawSoon);
  session.on('idle-warning', ({ idleAt }) => view.showIdleWarning(idleAt));
  session.on('idle-resume', () => view.hideIdleWarning());
  session.on('logout', () => view.hideIdleWarning());
  drawSoon();
  void signIn.start().catch(fail);
}
