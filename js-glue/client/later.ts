// What only some pages need, in one file, which load-later.ts loads when a page first needs any of it. Nothing of the
// first load may be imported from here: a part that two files share becomes a third, one more request at every start.

export { watchElsewhere } from './activity-elsewhere.js';
export { createDuties } from './duties.js';
export { askForScope } from './scope.js';
