// Makes elements. Text is only ever set as text, so that nothing a user or a hub says can become markup.

type Attributes = Readonly<Record<string, string | number | undefined>>;
type Child = Node | string | undefined;

function fill<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

export const h = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
) => fill(document.createElement(tag), attributes, children);

export const svg = <K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
) => fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

export function button(label: string, testId: string, className: string, onClick: () => void): HTMLButtonElement {
  const element = h('button', { type: 'button', class: className, 'data-testid': testId }, label);
  element.addEventListener('click', onClick);
  return element;
}
