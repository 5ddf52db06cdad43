// A component that uses `lockstep/vue`, over a session that the test drives. The same file runs in Vitest and in Jest.

import { mount } from '@vue/test-utils';
import { createTestSession } from 'lockstep/testing';
import { createLockstep, useLockstep, useSession } from 'lockstep/vue';
import { h, nextTick } from 'vue';

const Account = {
  setup() {
    const snapshot = useSession();
    const { logout } = useLockstep();
    return () =>
      snapshot.value.status === 'signed-in'
        ? h('button', { onClick: () => void logout() }, `Sign ${snapshot.value.subject} out`)
        : h('p', 'Nobody');
  },
};

test('shows who is signed in, and signs out', async () => {
  const session = createTestSession();
  const wrapper = mount(Account, { global: { plugins: [createLockstep(session)] } });
  expect(wrapper.text()).toBe('Nobody');
  session.signIn('ada');
  await nextTick();
  expect(wrapper.text()).toBe('Sign ada out');
  await wrapper.get('button').trigger('click');
  await session.check();
  await nextTick();
  expect(wrapper.text()).toBe('Nobody');
  expect(session.calls.map(({ type }) => type)).toEqual(['logout', 'check']);
});
