import { connect } from 'lockstep';
import { createLockstep } from 'lockstep/vue';

export default defineNuxtPlugin(({ vueApp }) => {
  const session = connect({ hub: useRuntimeConfig().public.hub });
  vueApp.use(createLockstep(session));
});
