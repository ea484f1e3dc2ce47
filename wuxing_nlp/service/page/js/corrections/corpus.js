// Corrections as lines of the corpus: what `wuxing corpus validate` and `wuxing train` read.

import { sha1 } from '../text/sha1.js';

/**
 * A correction as a coded unit. It was picked because the model was wrong, so that no figure may be
 * measured on it: its sample is `selected`. The last three fields are for people; readers skip them.
 * @param {import('./store.js').Correction} correction
 */
export function codedUnit({ text, codes, kind, document, predicted, model, note }) {
  const key = sha1(text);
  const id = `correction-${key.slice(0, 16)}`;
  return { id, text, codes, kind, document, sample: 'selected', sha1: key, predicted, model, note };
}

/**
 * A file of coded units, one JSON object a line.
 * @param {import('./store.js').Correction[]} corrections
 * @returns {string}
 */
export function corpusLines(corrections) {
  return corrections.map((correction) => `${JSON.stringify(codedUnit(correction))}\n`).join('');
}
