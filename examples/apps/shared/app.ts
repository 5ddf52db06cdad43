// Puts an app together: session and login library, timeline, view. The three apps differ in their content alone.

import { type CheckOutcome, followLogin } from 'lockstep';
import type { AppName } from '../../places.js';
import { everySecondWhileVisible } from './countdown.js';
import { originHere } from './places-here.js';
import { createSignIn } from './sign-in.js';
import { countCheck } from './this-tab.js';
import { createTimeline, type Entry, reportAct } from './timeline.js';
import { createView } from './view.js';

const outcomes: Readonly<Record<CheckOutcome, string>> = {
  active: 'the session lives',
  inactive: 'the session is over',
  unknown: 'the provider gave no answer',
};

async function readToday(response: Response): Promise<string> {
  if (!response.ok) return `The API answers ${response.status}`;
  const today: unknown = await response.json();
  const isText = typeof today === 'object' && today !== null && 'text' in today && typeof today.text === 'string';
  return isText ? `The API answers 200: ${today.text}` : 'The API answers something else';
}

export function startApp(app: AppName, content: HTMLElement): void {
  const root = document.getElementById('app');
  if (root === null) throw new Error('The page has no element "app" to draw into.');

  const add = (kind: Entry['kind'], text: string, at = Date.now()): void => timeline.add({ kind, text, at });
  const signIn = createSignIn({
    clientId: app,
    onTokens: () => drawSoon(),
    onAct(act, { signedInAt }, at) {
      if (act === 'logout') reportAct(signedInAt, at);
      add('act', act === 'login' ? 'You signed in here' : 'You pressed "Sign out" here', at);
    },
    onCheck({ active }) {
      countCheck();
      add('duty', `This tab asked the provider for all: it ${active ? 'lives' : 'is gone'}`);
    },
    onEnd: () => add('duty', 'This tab ended it at the provider for all'),
  });
  const { session } = signIn;
  const timeline = createTimeline(session, () => drawSoon());

  const fail = (error: unknown): void => add('error', error instanceof Error ? error.message : String(error));

  async function check(): Promise<void> {
    add('act', `You asked: ${outcomes[await session.check()]}`);
  }

  async function callApi(): Promise<void> {
    add('api', await readToday(await signIn.fetch('/api/today')));
  }

  async function revoke(): Promise<void> {
    await signIn.revoke();
    add('act', 'You revoked it at the provider: no app is informed');
  }

  const view = createView(root, app, content, {
    signIn: () => void signIn.signIn().catch(fail),
    goToLogin: () => void followLogin(session, { loginUrl: `${originHere('portal')}/login` }),
    switchUser: () => void signIn.switchUser().catch(fail),
    signOut: () => void signIn.signOut().catch(fail),
    check: () => void check().catch(fail),
    callApi: () => void callApi().catch(fail),
    revoke: () => void revoke().catch(fail),
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
  session.on('idle-warning', view.showIdleWarning);
  session.on('idle-resume', view.hideIdleWarning);
  session.on('logout', view.hideIdleWarning);
  drawSoon();
  everySecondWhileVisible(view.tick);
  void signIn.start().catch(fail);
}
