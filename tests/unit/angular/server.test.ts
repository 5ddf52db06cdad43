// The binding for Angular on a server, where there is neither window nor document.

import '@angular/compiler';
import { Component, provideZonelessChangeDetection } from '@angular/core';
import { type BootstrapContext, bootstrapApplication } from '@angular/platform-browser';
import { provideServerRendering, renderApplication } from '@angular/platform-server';
import { expect, test, vi } from 'vitest';
import { injectIdle, injectSession, injectSessionEvent, provideLockstep } from '../../../js-glue/angular/index.js';

// As a decorator, but called: the project's compiler knows the standard's decorators, Angular's are older.
const Page = Component({ selector: 'x-page', template: '{{ account().status }}, {{ idle.isWarned() }}' })(
  class {
    readonly account = injectSession();
    readonly idle = injectIdle();

    constructor() {
      injectSessionEvent('login', () => undefined);
    }
  },
);

test('a server renders that it is connecting, and complains of nothing', async () => {
  const warn = vi.spyOn(console, 'warn');
  const error = vi.spyOn(console, 'error');
  const providers = [
    provideZonelessChangeDetection(),
    provideServerRendering(),
    provideLockstep({ hub: 'https://hub.acme.com/' }),
  ];
  const bootstrap = (context: BootstrapContext) => bootstrapApplication(Page, { providers }, context);
  const html = await renderApplication(bootstrap, { document: '<x-page></x-page>' });
  expect(html).toContain('connecting, false');
  expect(html).not.toContain('<iframe');
  expect([warn.mock.calls, error.mock.calls]).toEqual([[], []]);
});
