import { bootstrapApplication } from '@angular/platform-browser';
import { config, Page, session } from './page';

// The server's page is there meanwhile. Angular hydrates it when the hub has answered, or cannot be reached.
session.ready
  .catch(() => undefined)
  .then(() => bootstrapApplication(Page, config))
  .catch((error) => console.error(error));
