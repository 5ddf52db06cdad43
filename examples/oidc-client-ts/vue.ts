import { createLockstep, useLockstep, useSession } from 'lockstep/vue';
import { createApp, defineComponent, h, ref } from 'vue';
import { finishLogin, getToken, session, signIn } from './login.js';

const problem = await finishLogin();

const Account = defineComponent(() => {
  const snapshot = useSession();
  const { logout } = useLockstep();
  const token = ref('');
  const ask = async () => {
    token.value = await getToken();
  };
  return () => [
    h('p', `Signed in as ${snapshot.value.subject}`),
    h('button', { type: 'button', onClick: ask }, 'Get a token'),
    h('output', token.value),
    h('button', { type: 'button', onClick: () => void logout() }, 'Sign out'),
  ];
});

const SignIn = defineComponent(() => () => [
  h('p', problem),
  h('button', { type: 'button', onClick: () => void signIn() }, 'Sign in'),
]);

const Page = defineComponent(() => {
  const snapshot = useSession();
  return () => {
    if (snapshot.value.status === 'signed-in') return h(Account);
    return snapshot.value.status === 'signed-out' ? h(SignIn) : 'One moment …';
  };
});

createApp(Page).use(createLockstep(session)).mount('#root');
