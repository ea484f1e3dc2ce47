// What stands above a result: the document's title and facts, and what can be done with it.

import { el, button } from '../base/dom.js';
import { tell } from '../base/events.js';
import { local } from '../base/storage.js';
import { number, word, wordOr } from '../base/words.js';
import { corrected } from '../corrections/store.js';
import { saveCsv, saveJsonl } from '../download/downloads.js';
import { setAnswer, state } from '../state.js';
import { nameOf } from './chooser.js';

const FACTS = ['issuer', 'number', 'date', 'region', 'kind'];
const names = local('names');

/** The head of the shown document. */
export function headElement(document) {
  const { metadata } = document;
  return el(
    'header',
    { class: 'result-head' },
    el('h1', { id: 'result-title', tabindex: '-1', text: nameOf(document) }),
    metadata ? facts(document) : null,
    el('p', { class: 'hint', text: summary(document) }),
    document.profile.coded ? null : el('p', { class: 'unjudged', id: 'unjudged', text: word('nothing_judged') }),
  );
}

function facts({ document: name, metadata }) {
  const known = FACTS.filter((key) => metadata[key]).map((key) => metadata[key]);
  return el('p', { class: 'facts' }, ...[name, ...known].map((text) => el('span', { text })));
}

function summary({ profile, script }) {
  const written = word(`script_${script.script}`);
  const prefer = wordOr(`prefer_${state.answer.prefer}`, state.answer.prefer);
  return word('summary', { n: number(profile.units), script: written, prefer, model: state.answer.model });
}

/** What can be done: another text, downloads, names on chips. */
export function toolsElement() {
  return el(
    'div',
    { class: 'tools' },
    button(word('again'), () => setAnswer(null), { class: 'plain', id: 'again' }),
    button(word('save_csv'), saveCsv, { class: 'plain', id: 'save-csv', title: word('save_csv_hint') }),
    button(word('save_jsonl'), saveJsonl, { class: 'plain', id: 'save-jsonl', title: word('save_jsonl_hint') }),
    namesSwitch(),
    el('p', { class: 'hint', id: 'downloads-note' }),
  );
}

/** Beside the downloads: that they hold no corrections, where there are some. */
export function drawDownloadsNote() {
  const some = state.answer.documents.some((document) => corrected(document.units));
  const link = el('a', { href: '#corrections', text: word('downloads_corrections') });
  document.getElementById('downloads-note').replaceChildren(...(some ? [word('downloads_note'), ' ', link] : []));
}

/** Whether chips show names beside their codes. */
export const namesShown = () => names.get(true) === true;

function namesSwitch() {
  const box = el('input', { type: 'checkbox', id: 'names' });
  box.checked = namesShown();
  box.addEventListener('change', () => {
    names.set(box.checked);
    tell('names', box.checked);
  });
  return el('label', { class: 'switch', for: 'names' }, box, ` ${word('names')}`);
}

/** What the marks mean. */
export function legendElement() {
  const sample = (kind) => el('span', { class: `swatch ${kind}`, text: word('legend_sample') });
  const entry = (kind) => el('li', {}, sample(kind), word(`legend_${kind}`));
  const kinds = ['type', 'exists', 'tackled', 'abstained'];
  return el('ul', { class: 'legend', 'aria-label': word('legend') }, ...kinds.map(entry));
}

