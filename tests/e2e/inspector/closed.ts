// Puts a closed inspector into an app of the harness, whose session is in its window.

import { mountInspector } from 'lockstep/inspector';

mountInspector(window.session);
