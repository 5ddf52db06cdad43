// @vitest-environment happy-dom
// The binding for Angular, in Angular itself: without zones. What wakes an app with zones is counted in
// tests/e2e/angular.spec.ts.

import '@angular/compiler';
import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { Component, inject, provideZonelessChangeDetection, type Type } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing';
import { provideRouter, Router } from '@angular/router';
import { connect } from 'lockstep';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  injectIdle,
  injectLockstep,
  injectSession,
  injectSessionEvent,
  provideLockstep,
  sessionGuard,
  sessionInterceptor,
} from '../../../js-glue/angular/index.js';
import { createTestSession } from '../../../js-glue/testing/index.js';
import { type Counted, createCounted } from '../bindings/counted.js';

vi.mock('lockstep', async (original) => ({ ...(await original<object>()), connect: vi.fn() }));

let session: Counted;
let received: string[];

beforeAll(() => TestBed.initTestEnvironment(BrowserTestingModule, platformBrowserTesting()));
beforeEach(() => {
  session = createCounted();
  received = [];
});
afterEach(() => {
  TestBed.resetTestingModule();
  vi.useRealTimers();
  expect(session.listening()).toBe(0);
});

// As decorators, but called: the project's compiler knows the standard's decorators, Angular's are older.
const Who = Component({ selector: 'x-who', template: '<p>{{ account().subject ?? account().status }}</p>' })(
  class {
    readonly account = injectSession();
  },
);
const Two = Component({ selector: 'x-two', imports: [Who], template: '<x-who />, <x-who />' })(class {});
const Listener = Component({ selector: 'x-listener', template: '' })(
  class {
    constructor() {
      injectSessionEvent('logout', ({ reason }) => received.push(reason));
    }
  },
);
const Idle = Component({
  selector: 'x-idle',
  template: '<button (click)="idle.stay()">{{ idle.isWarned() ? idle.secondsLeft() + " s left" : "active" }}</button>',
})(
  class {
    readonly idle = injectIdle();
  },
);

function configure(...providers: readonly unknown[]): void {
  TestBed.configureTestingModule({
    providers: [provideZonelessChangeDetection(), provideLockstep(session), ...providers],
  });
}

async function show<Shown>(component: Type<Shown>): Promise<ComponentFixture<Shown>> {
  const fixture = TestBed.createComponent(component);
  await fixture.whenStable();
  return fixture;
}
const textOf = async (fixture: ComponentFixture<unknown>) => {
  await fixture.whenStable();
  return fixture.nativeElement.textContent;
};

test('two components follow the session, by one subscription each', async () => {
  configure();
  const fixture = await show(Two);
  expect([await textOf(fixture), session.listening()]).toEqual(['signed-out, signed-out', 2]);
  session.signIn('ada');
  expect(await textOf(fixture)).toBe('ada, ada');
  session.signOut();
  expect(await textOf(fixture)).toBe('signed-out, signed-out');
  fixture.destroy();
  expect(session.listening()).toBe(0);
});

test('without a provider it says what is missing', () => {
  TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection()] });
  expect(() => TestBed.runInInjectionContext(injectLockstep)).toThrow('provideLockstep');
  expect(() => injectLockstep()).toThrow('NG0203');
});

test('options connect at the start of the app, and are closed with it', () => {
  const options = { hub: 'https://hub.acme.com/', activity: false };
  vi.mocked(connect).mockReturnValueOnce(session);
  TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection(), provideLockstep(options)] });
  expect(TestBed.runInInjectionContext(injectLockstep)).toBe(session);
  expect(vi.mocked(connect).mock.calls).toEqual([[options]]);
  TestBed.resetTestingModule();
  expect(session.calls).toEqual([{ type: 'close' }]);
});

test('a session that was made elsewhere stays open', () => {
  configure();
  TestBed.runInInjectionContext(injectLockstep);
  TestBed.resetTestingModule();
  expect(session.calls).toEqual([]);
});

test('an event calls the listener as long as the component lives', async () => {
  configure();
  const fixture = await show(Listener);
  session.signIn();
  session.signOut('idle');
  fixture.destroy();
  session.signIn();
  session.signOut();
  expect(received).toEqual(['idle']);
});

test('the idle countdown runs while the user is warned, and no longer', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  configure();
  session.signIn();
  const fixture = await show(Idle);
  expect([await textOf(fixture), vi.getTimerCount()]).toEqual(['active', 0]);
  session.warnIdle(Date.now() + 2_500);
  expect(await textOf(fixture)).toBe('3 s left');
  vi.advanceTimersByTime(1_000);
  expect(await textOf(fixture)).toBe('2 s left');
  fixture.nativeElement.querySelector('button').click();
  expect([await textOf(fixture), vi.getTimerCount()]).toEqual(['active', 0]);
  session.warnIdle();
  await fixture.whenStable();
  expect(vi.getTimerCount()).toBe(1);
  fixture.destroy();
  expect(vi.getTimerCount()).toBe(0);
});

test('the guard waits until the session is known, and activates for who is signed in', async () => {
  session = createCounted(createTestSession(session.getServerSnapshot()));
  configure(
    provideRouter([
      { path: 'orders', component: Who, canActivate: [sessionGuard()] },
      {
        path: 'invoices',
        component: Who,
        canActivate: [sessionGuard(({ status }, { url }) => inject(Router).parseUrl(`/welcome?${status}=${url}`))],
      },
      { path: 'welcome', component: Listener },
    ]),
  );
  const router = TestBed.inject(Router);
  const going = router.navigateByUrl('/orders');
  await vi.waitFor(() => expect(session.listening()).toBe(1));
  session.signIn();
  expect([await going, router.url, session.listening()]).toEqual([true, '/orders', 0]);
  session.signOut();
  expect([await router.navigateByUrl('/invoices'), router.url]).toEqual([true, '/welcome?signed-out=%2Finvoices']);
  expect([await router.navigateByUrl('/orders'), router.url]).toEqual([false, '/welcome?signed-out=%2Finvoices']);
  session.fail();
  expect([await router.navigateByUrl('/invoices'), router.url]).toEqual([true, '/welcome?unavailable=%2Finvoices']);
});

test('on a server, where nobody is known, the guard activates', async () => {
  session = createCounted(createTestSession(session.getServerSnapshot()));
  configure();
  vi.stubGlobal('document', undefined);
  try {
    const decided = TestBed.runInInjectionContext(() => sessionGuard()({} as never, { url: '/orders' } as never));
    expect(await decided).toBe(true);
  } finally {
    vi.unstubAllGlobals();
  }
});

describe('the interceptor', () => {
  const refusal = { status: 401, statusText: 'Unauthorized' };
  let answered: Promise<unknown>;
  let server: HttpTestingController;

  beforeEach(() => {
    configure(provideHttpClient(withInterceptors([sessionInterceptor])), provideHttpClientTesting());
    server = TestBed.inject(HttpTestingController);
    answered = new Promise((resolve) => {
      TestBed.inject(HttpClient)
        .get('/orders')
        .subscribe({ next: resolve, error: ({ status }) => resolve(status) });
    });
  });
  afterEach(() => server.verify());

  /** The check is answered in a later microtask. */
  const secondTry = () => vi.waitFor(() => server.expectOne('/orders'));

  test('asks on a 401, and sends the request once more where the session lives', async () => {
    session.signIn();
    server.expectOne('/orders').flush('', refusal);
    (await secondTry()).flush(['first order']);
    expect(await answered).toEqual(['first order']);
    expect(session.calls).toEqual([{ type: 'check' }]);
  });

  test('asks once: a second 401 is the answer', async () => {
    session.signIn();
    server.expectOne('/orders').flush('', refusal);
    (await secondTry()).flush('', refusal);
    expect([await answered, session.calls.length]).toEqual([401, 1]);
  });

  test.each([
    ['the session has ended', () => {}],
    ['nobody knows', () => session.answerChecks('unknown')],
    ['the check fails', () => session.refuse('check', 'timeout')],
  ])('gives the 401 where %s', async (_, arrange) => {
    arrange();
    server.expectOne('/orders').flush('', refusal);
    expect(await answered).toBe(401);
  });

  test('leaves every other error alone', async () => {
    server.expectOne('/orders').flush('', { status: 403, statusText: 'Forbidden' });
    expect([await answered, session.calls]).toEqual([403, []]);
  });
});
