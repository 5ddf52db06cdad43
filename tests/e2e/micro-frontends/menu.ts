import { microApp } from './micro-app.js';

export const { bootstrap, mount, unmount } = microApp('menu');
