// The corrections of this browser: one a text, for a corpus holds no text twice.

import { tell } from '../base/events.js';
import { local } from '../base/storage.js';

/**
 * @typedef {object} Correction
 * @property {string} text the unit's
 * @property {string[]} codes what the reader gives it, as the codebook writes them
 * @property {string[]} predicted what the model gave it
 * @property {string} kind the document's kind, "other" where it is not known
 * @property {string} document
 * @property {string} model
 * @property {string} note
 */

const store = local('corrections');
/** @type {Map<string, Correction>} */
const byText = new Map();
read();

/** All corrections, the oldest first. */
export const corrections = () => [...byText.values()];

/**
 * The correction of a text, if there is one.
 * @param {string} text
 */
export const correctionOf = (text) => byText.get(text);

/**
 * How many of some units are corrected.
 * @param {any[]} units
 */
export const corrected = (units) => (byText.size ? units.filter((unit) => byText.has(unit.text)).length : 0);

/**
 * Keep a correction.
 * @param {Correction} correction
 * @returns {boolean} false where the browser refuses to remember it
 */
export function keep(correction) {
  read();
  byText.set(correction.text, correction);
  return save();
}

/**
 * Take a correction back.
 * @param {string} text
 */
export function drop(text) {
  read();
  byText.delete(text);
  save();
}

/** Take all corrections back. */
export function dropAll() {
  byText.clear();
  save();
}

/** Take over what is kept now: another tab may have changed it. */
function read() {
  byText.clear();
  for (const correction of store.get([])) byText.set(correction.text, correction);
}

function save() {
  const kept = store.set(corrections());
  tell('corrections');
  return kept;
}
