// Who changes something says so here; who shows it listens.

const target = new EventTarget();

/**
 * Hear of a change: `language`, `codebook`, `answer`, `document`, `filter`, `unit`, `corrections`, `names`.
 * @param {string} what
 * @param {(detail: any) => void} act
 */
export function on(what, act) {
  target.addEventListener(what, (event) => act(/** @type {CustomEvent} */ (event).detail));
}

/**
 * Tell of a change.
 * @param {string} what
 * @param {any} [detail]
 */
export function tell(what, detail) {
  target.dispatchEvent(new CustomEvent(what, { detail }));
}
