// The one thing a hub ever shows, and only when its app has asked for it: a button over which the app has laid the
// frame. Browsers give storage of the first party only after the user's gesture in the very frame that asks.

let shown: HTMLButtonElement | undefined;

/** The style is the app's, and can do no more than look: the page's policy lets nothing be loaded. */
export function showButton(label: string, style: string, pressed: () => void): void {
  shown?.remove();
  const button = document.createElement('button');
  button.textContent = label || 'Stay signed in';
  button.style.cssText = `box-sizing:border-box;width:100%;height:100%;margin:0;${style}`;
  document.documentElement.style.cssText = document.body.style.cssText = 'height:100%;margin:0;background:transparent';
  button.addEventListener('click', () => {
    button.disabled = true;
    pressed();
  });
  document.body.append(button);
  shown = button;
}

export function hideButton(): void {
  shown?.remove();
  shown = undefined;
}
