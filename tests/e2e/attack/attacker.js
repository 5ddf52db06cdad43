// What every attack page has: an inbox that keeps whatever reaches this window or a port made here, and the few moves
// of the handshake (PROTOCOL.md §1) written by hand. It knows no client and obeys no rule; it must never be served to
// users. A classic script, so that it also loads where the origin is opaque. The hub's URL comes from the element or
// the query.

const hub = document.currentScript.dataset.hub ?? new URLSearchParams(location.search).get('hub');

/** Everything anybody ever said to this page. An attack has failed when it is empty. */
const inbox = [];
addEventListener('message', ({ data, ports }) => inbox.push({ by: 'window', data, ports: ports.length }));

function hello(more = {}) {
  return JSON.stringify({ lockstep: 1, type: 'hello', client: '0.1.0', ...more });
}

/** A channel of which this page keeps one end and gives the other away. */
function channel() {
  const { port1, port2 } = new MessageChannel();
  const received = [];
  const waiting = new Set();
  port1.onmessage = ({ data }) => {
    inbox.push({ by: 'port', data });
    received.push(JSON.parse(data));
    for (const look of waiting) look();
  };
  return {
    port: port1,
    far: port2,
    received,
    send: (message) => port1.postMessage(typeof message === 'string' ? message : JSON.stringify(message)),
    /** Resolves with the first message, early or late, for which `wanted` holds. */
    until: (wanted) =>
      new Promise((resolve) => {
        const look = () => {
          const found = received.find(wanted);
          if (found) resolve(found);
          return found;
        };
        if (!look()) waiting.add(look);
      }),
  };
}

const typed =
  (type, members = {}) =>
  (message) =>
    message.type === type && Object.entries(members).every(([name, value]) => message[name] === value);

/** Says hello to a window, whoever it shows: only the hub's own checks are in the way. */
function knock(target, text = hello()) {
  const line = channel();
  target.postMessage(text, '*', [line.far]);
  return line;
}

/** Puts the hub's frame into a page and resolves at its `load`, which also comes for a refused one. */
function embed(url = hub, parent = document.body) {
  return new Promise((resolve) => {
    const frame = parent.ownerDocument.createElement('iframe');
    frame.style.cssText = 'position:fixed;top:0;width:0;height:0;border:0;visibility:hidden';
    frame.onload = () => resolve(frame);
    frame.src = url;
    parent.append(frame);
  });
}
