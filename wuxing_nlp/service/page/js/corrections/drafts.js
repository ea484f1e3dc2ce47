// Corrections that were begun and not saved: one a text, kept until the page is left.

/** @typedef {{codes: string[], note: string}} Draft base codes in the codebook's order, and the note */

/** @type {Map<string, Draft>} */
const byText = new Map();

/**
 * The draft for a text, if there is one.
 * @param {string} text
 * @returns {Draft|undefined}
 */
export const draftOf = (text) => byText.get(text);

/**
 * Remember a draft.
 * @param {string} text
 * @param {Draft} draft
 */
export function keepDraft(text, draft) {
  byText.set(text, draft);
}

/**
 * Forget the draft for a text.
 * @param {string} text
 */
export function dropDraft(text) {
  byText.delete(text);
}
