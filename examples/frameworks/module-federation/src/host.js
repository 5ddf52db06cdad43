// The host signs in and out. The remote follows, by its own copy of the client.

import { connect } from 'lockstep';

const session = connect({ hub: HUB });
const main = document.querySelector('main');

function button(text, act) {
  const element = document.createElement('button');
  element.append(text);
  element.addEventListener('click', act);
  return element;
}

function signIn() {
  session.beginLogin();
  void session.login({ subject: 'ada' });
}

session.subscribe(({ status, subject }) => {
  if (status === 'signed-in') main.replaceChildren(`Signed in as ${subject} `, button('Sign out', session.logout));
  else if (status === 'signed-out') main.replaceChildren(button('Sign in', signIn));
  else main.replaceChildren('One moment …');
});

import('remote/account').then(({ show }) => show(document.querySelector('aside')));
