import { connect } from 'lockstep';
import { createLockstep } from 'lockstep/vue';

export default defineNuxtPlugin(async ({ vueApp }) => {
  const session = connect({ hub: useRuntimeConfig().public.hub });
  vueApp.use(createLockstep(session));
  // As where a page is hydrated late: the hub has answered, or cannot be reached, and the HTML still says `connecting`.
  if (import.meta.client) await session.ready.catch(() => undefined);
});
