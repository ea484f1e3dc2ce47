// What is shown: the codebook, the answer of the server, and where the reader is in it.

import { tell } from './base/events.js';

/**
 * @typedef {object} Answer
 * @property {any[]} documents each with `document` (its name), `text`, `units`, `profile`, `script`
 * @property {any[]} failures
 * @property {string[]} notices
 * @property {string} model
 * @property {string} prefer
 */

export const state = {
  /** @type {import('./codebook/book.js').Book|null} */
  book: null,
  /** @type {any} */
  model: null,
  /** @type {any} */
  limits: null,
  /** @type {Answer|null} */
  answer: null,
  /** Which document of the answer is shown. */
  at: 0,
  /** A letter, a base code, `abstained` or `corrected`; "" for all units. */
  filter: '',
  /** The unit that was chosen, by its place in the document; -1 for none. */
  unit: -1,
};

/** The document that is shown. */
export const shown = () => state.answer?.documents[state.at] ?? null;

/** @param {Answer|null} answer */
export function setAnswer(answer) {
  Object.assign(state, { answer, at: 0, filter: '', unit: -1 });
  tell('answer');
}

/** @param {number} at */
export function setDocument(at) {
  Object.assign(state, { at, unit: -1 });
  tell('document');
}

/** @param {string} filter */
export function setFilter(filter) {
  state.filter = state.filter === filter ? '' : filter;
  tell('filter');
}

/** @param {number} unit */
export function setUnit(unit) {
  if (state.unit === unit) return;
  state.unit = unit;
  tell('unit');
}
