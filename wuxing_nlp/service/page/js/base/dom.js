// Elements are made here and nowhere else: strings become text nodes and attributes, never markup.

/**
 * An element. `properties` are attributes, except `class`, `text` and `on` (listeners by event);
 * true sets an attribute without a value, null, undefined and false leave it out.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {HTMLElement}
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) set(element, name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === 'text') element.textContent = value;
  else if (name === 'class') element.className = value;
  else if (name === 'on') Object.entries(value).forEach(([event, act]) => element.addEventListener(event, act));
  else element.setAttribute(name, value === true ? '' : String(value));
}

/**
 * A button that does something.
 * @param {string} text
 * @param {(event: Event) => void} act
 * @param {Record<string, any>} [properties]
 * @returns {HTMLElement}
 */
export function button(text, act, properties = {}) {
  return el('button', { type: 'button', text, on: { click: act }, ...properties });
}

/**
 * A bar whose length says a share; a share is drawn and also written beside it, so it is hidden from
 * screen readers.
 * @param {string} kind class of the bar
 * @param {number[]} shares parts of the whole width, 0 to 1, one after the other
 * @returns {HTMLElement}
 */
export function bar(kind, ...shares) {
  const parts = shares.map((share, at) => {
    const part = el('span', { class: `fill fill-${at}` });
    part.style.setProperty('--share', String(share));
    return part;
  });
  return el('span', { class: `bar ${kind}`, 'aria-hidden': 'true' }, ...parts);
}

/**
 * The element with this id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * Bring an element into the window: at once for who asked for less motion.
 * @param {Element} element
 * @param {ScrollLogicalPosition} block
 */
export function show(element, block = 'nearest') {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  element.scrollIntoView({ block, behavior: still ? 'auto' : 'smooth' });
}
