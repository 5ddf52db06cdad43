import { createLockstep } from 'lockstep/vue';
import { createApp } from 'vue';
import Page from './page.vue';
import { session } from './session';

createApp(Page).use(createLockstep(session)).mount('#app');
