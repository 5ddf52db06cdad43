import { mount } from 'svelte';
import { finishLogin } from './login.js';
import Page from './page.svelte';

mount(Page, { target: document.getElementById('root') as Element, props: { problem: await finishLogin() } });
