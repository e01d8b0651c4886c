// Making elements without ever reading anybody's words as HTML.

/** Make an element. Functions are listeners; an attribute that is null or false is left out; children are nodes or words. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let made = 0;

/** Give an id that no other element has. */
export function freshId(what) {
  made += 1;
  return `${what}-${made}`;
}

/** Draw an element anew; what had the focus by its key has it again. */
export function keepFocus(element, draw) {
  const key = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  draw();
  if (key) [...element.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key)?.focus();
}
