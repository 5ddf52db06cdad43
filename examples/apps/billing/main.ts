// Billing: a few invoices.

import { startApp } from '../shared/app.js';
import { h } from '../shared/dom.js';

type Invoice = {
  readonly number: string;
  readonly customer: string;
  readonly cents: number;
  readonly state: 'paid' | 'open' | 'late';
};

const invoices: readonly Invoice[] = [
  { number: '2041', customer: 'Northwind Mills', cents: 1_284_000, state: 'paid' },
  { number: '2042', customer: 'Blue Harbour', cents: 342_050, state: 'open' },
  { number: '2043', customer: 'Fabrikam', cents: 98_900, state: 'late' },
  { number: '2044', customer: 'Contoso Rail', cents: 2_410_000, state: 'open' },
];

const money = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

const row = ({ number, customer, cents, state }: Invoice): HTMLElement =>
  h(
    'tr',
    {},
    h('td', { class: 'muted' }, number),
    h('td', {}, customer),
    h('td', { class: 'money' }, money.format(cents / 100)),
    h('td', {}, h('span', { class: `state ${state}` }, state)),
  );

startApp(
  'billing',
  h('div', {}, h('h2', {}, 'Invoices'), h('table', { class: 'invoices' }, h('tbody', {}, ...invoices.map(row)))),
);
