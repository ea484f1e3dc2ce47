// What the page needs of the server before it can show a result.

import { ask } from './base/api.js';
import { tell } from './base/events.js';
import { Book } from './codebook/book.js';
import { state } from './state.js';

/** @type {Promise<void>|null} */
let asked = null;

/**
 * Know the codebook, the model and the limits; they are asked for once, and again after a failure.
 * @returns {Promise<void>} rejects with a Problem
 */
export function about() {
  asked ??= load().catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

async function load() {
  const [contents, model, limits] = await Promise.all(['codebook', 'model', 'limits'].map((name) => ask(`v1/${name}`)));
  Object.assign(state, { book: new Book(contents), model, limits });
  tell('limits');
  tell('codebook');
}
