// The page to which the provider sends the frame back (ask.ts). It hands its own address to the hub above it, and to
// nobody else: the browser delivers the message only to a page of the hub's origin. It reads and stores nothing.

parent.postMessage(location.search, location.origin);

export {};
