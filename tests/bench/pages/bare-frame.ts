// The least a frame can do: say one word to the page that holds it.

parent.postMessage('here', '*');
