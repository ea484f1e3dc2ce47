// The documents of an answer, to choose from; and the files that could not be read.

import { el, button } from '../base/dom.js';
import { number, word } from '../base/words.js';
import { setDocument, state } from '../state.js';

/** A list of the documents; nothing where there is but one. */
export function chooserElement() {
  const { documents } = state.answer;
  if (documents.length < 2) return null;
  const title = word('documents_title', { n: number(documents.length) });
  const list = el('ol', { class: 'documents', id: 'documents' }, ...documents.map(item));
  return el('details', { class: 'box chooser', open: true }, el('summary', { text: title }), list);
}

function item(document, at) {
  const attributes = { class: 'choose', 'aria-current': at === state.at ? 'true' : null, 'data-document': at };
  const element = button('', () => setDocument(at), attributes);
  const labelled = document.profile.statuses.labelled ?? 0;
  element.append(
    el('span', { class: 'document-name', text: nameOf(document) }),
    el('span', { class: 'hint', text: word('document_counts', { n: number(document.profile.coded), m: number(labelled) }) }),
  );
  return el('li', {}, element);
}

/**
 * What to call a document: its title or else its name.
 * @param {any} document
 * @returns {string}
 */
export function nameOf(document) {
  if (document.pasted) return word('pasted');
  return document.metadata?.title || document.document;
}

/** What could not be read, with what to do; nothing where all could. */
export function failuresElement(failures) {
  if (!failures.length) return null;
  return el(
    'section',
    { class: 'warning failures', 'aria-label': word('failures_title', { n: failures.length }) },
    el('h2', { text: word('failures_title', { n: failures.length }) }),
    el('ul', {}, ...failures.map(failure)),
  );
}

function failure({ name, seen, advice }) {
  return el('li', {}, el('strong', { text: name }), el('p', { lang: 'en', text: `${seen}; ${advice}` }));
}

/** What a reader decided by itself. */
export function noticesElement(notices) {
  if (!notices.length) return null;
  const items = notices.map((notice) => el('li', { lang: 'en', text: notice }));
  return el('details', { class: 'box' }, el('summary', { text: word('notices') }), el('ul', { class: 'notices' }, ...items));
}
