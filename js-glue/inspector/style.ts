// The look, as a constructed sheet: a strict Content-Security-Policy refuses style elements and attributes, but no
// sheet that a script has made. Browsers that have none (Safari before 16.4) get an element.

const css = `
:host {
  --back: #fff; --front: #1b1f24; --dim: #59636e; --line: #d1d9e0; --soft: #f6f8fa; --act: #0b57d0;
  --good: #116329; --good-back: #dafbe1; --bad: #a40e26; --bad-back: #ffebe9; --wait: #7d4e00; --wait-back: #fff8c5;
  color-scheme: light dark; display: block; text-align: start;
  font: 13px/1.45 system-ui, sans-serif; color: var(--front);
}
@media (prefers-color-scheme: dark) {
  :host {
    --back: #0d1117; --front: #e6edf3; --dim: #9198a1; --line: #3d444d; --soft: #151b23; --act: #78a9ff;
    --good: #6fdd8b; --good-back: #12361f; --bad: #ff9492; --bad-back: #48171c; --wait: #f0ca6a; --wait-back: #3b2e0c;
  }
}
:host([hidden]) { display: none; }
:host([floating]) {
  position: fixed; z-index: 2147483000; inset-inline-end: 12px;
  inset-block-end: calc(12px + var(--place, 0) * 44px); max-inline-size: calc(100vw - 24px);
  display: flex; flex-direction: column-reverse; align-items: end; gap: 8px;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.panel {
  background: var(--back); border: 1px solid var(--line); border-radius: 10px; padding: 4px 16px 16px;
  inline-size: 100%; overflow: auto;
}
:host([floating]) .panel {
  inline-size: 760px; max-inline-size: 100%; max-block-size: calc(100vh - 84px - var(--place, 0) * 44px);
  box-shadow: 0 8px 30px rgb(0 0 0 / 25%);
}
h2 { font-size: 14px; margin: 14px 0 6px; }
h3 { font-size: 13px; margin: 12px 0 4px; overflow-wrap: anywhere; }
p { margin: 4px 0; color: var(--dim); overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 14px; margin: 0; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
dd > * { margin-inline-end: 6px; }
dd > .badge { margin-block: 1px; }
.badge {
  display: inline-block; padding: 0 8px; border-radius: 99px; border: 1px solid var(--line); background: var(--soft);
  font-weight: 600; font-size: 12px;
}
[data-kind='signed-in'], [data-kind='shared'] { color: var(--good); background: var(--good-back); }
[data-kind='unavailable'], [data-kind='alone'], [data-kind='error'] { color: var(--bad); background: var(--bad-back); }
[data-kind='connecting'], [data-kind='partitioned'] { color: var(--wait); background: var(--wait-back); }
.scroll { overflow: auto; max-block-size: 260px; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; inline-size: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: start; vertical-align: top; padding: 3px 8px; border-block-end: 1px solid var(--line); }
td:first-child, td:nth-child(2), td:nth-child(4) { white-space: nowrap; }
td:nth-child(3), td:last-child { overflow-wrap: anywhere; inline-size: 35%; }
td:last-child { color: var(--dim); }
th { position: sticky; inset-block-start: 0; background: var(--soft); font-weight: 600; white-space: nowrap; }
table.tabs td { inline-size: auto; white-space: normal; color: inherit; }
td .badge { margin-inline-end: 6px; }
.scroll + label, .scroll + .scroll { margin-block-start: 8px; }
.scroll > p { padding: 0 8px; }
.kind { color: var(--dim); }
pre { overflow: auto; max-block-size: 200px; background: var(--soft); padding: 8px; border-radius: 6px; }
.row, form { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 8px 0; }
label { display: inline-flex; gap: 6px; align-items: center; margin-inline-end: 14px; max-inline-size: 100%; }
form label { margin: 0; }
button, input, ::file-selector-button { font: inherit; }
button, input[name='subject'], ::file-selector-button {
  color: inherit; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 4px 12px;
}
input[type='file'] { min-inline-size: 0; max-inline-size: 100%; }
input[type='checkbox'] { margin: 0; accent-color: var(--act); }
button, ::file-selector-button { cursor: pointer; }
article > button { margin-block-start: 8px; }
button:hover { border-color: var(--act); }
:focus-visible { outline: 2px solid var(--act); outline-offset: 1px; }
.toggle { border-radius: 99px; background: var(--back); font-weight: 600; padding: 5px 14px; }
:host(:not([floating])) .toggle { margin-block-end: 8px; }
.toggle span { font-weight: 400; }
.place { border: 1px dashed var(--line); border-radius: 6px; padding: 10px; min-block-size: 44px; }
output { display: block; overflow-wrap: anywhere; }
@media (max-width: 480px) {
  dl { grid-template-columns: 1fr; gap: 2px; }
  dd { margin-block-end: 6px; }
  thead { display: none; }
  tr { display: flex; flex-wrap: wrap; border-block-end: 1px solid var(--line); }
  td { border: 0; }
  td:empty { display: none; }
  td:nth-child(3) { inline-size: auto; }
  td:last-child { inline-size: 100%; }
}
`;

/** Of all inspectors of the document. */
let sheet: CSSStyleSheet | undefined;

export function adoptStyle(root: ShadowRoot): void {
  if (!('adoptedStyleSheets' in root) || typeof CSSStyleSheet.prototype.replaceSync !== 'function') {
    const element = document.createElement('style');
    element.textContent = css;
    (root as ShadowRoot).append(element);
    return;
  }
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  root.adoptedStyleSheets = [sheet];
}
