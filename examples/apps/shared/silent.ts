// The page a silent sign-in comes back to, in a hidden frame: it hands the provider's answer to the app and ends there.

import { createUserManager } from './provider.js';

void createUserManager('silent').signinSilentCallback();
