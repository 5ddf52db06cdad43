// The raw storage event: what comes over the port is stored, and what another document of this origin stored goes out
// over the port. Nothing is checked, decoded or decided: no hub can be faster than this.

addEventListener('message', ({ ports: [port] }) => {
  if (!port) return;
  port.onmessage = ({ data }) => localStorage.setItem('raw', data);
  addEventListener('storage', ({ newValue }) => port.postMessage(newValue));
  port.postMessage('ready');
});
