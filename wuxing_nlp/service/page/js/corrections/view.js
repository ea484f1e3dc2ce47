// The list of corrections, to be looked through, taken back and downloaded.

import { el, button, byId } from '../base/dom.js';
import { on } from '../base/events.js';
import { number, word } from '../base/words.js';
import { save } from '../download/save.js';
import { chip } from '../result/unit.js';
import { state } from '../state.js';
import { corpusLines } from './corpus.js';
import { corrections, drop, dropAll } from './store.js';

/** Follow the corrections. */
export function listen() {
  for (const change of ['corrections', 'language', 'codebook']) on(change, draw);
  draw();
}

function draw() {
  const list = corrections();
  byId('corrections-count').textContent = list.length ? number(list.length) : '';
  const place = byId('view-corrections');
  place.replaceChildren(el('h1', { text: word('corrections_title') }), el('p', { class: 'lead', text: word('corrections_lead') }));
  if (!list.length || !state.book) place.append(el('p', { class: 'nothing', text: word('corrections_none') }));
  else place.append(actions(list), el('ol', { class: 'corrections' }, ...list.map(item)));
}

function actions(list) {
  const download = () => save('wuxing-corrections.jsonl', 'application/x-ndjson', [corpusLines(list)]);
  const clear = () => window.confirm(word('corrections_confirm', { n: list.length })) && dropAll();
  return el(
    'div',
    { class: 'tools' },
    button(word('corrections_save'), download, { class: 'main', id: 'save-corrections' }),
    button(word('corrections_clear'), clear, { class: 'plain', id: 'clear-corrections' }),
  );
}

function item(correction) {
  const label = word('correction_remove');
  return el(
    'li',
    {},
    el('p', { class: 'quoted', lang: 'zh', text: correction.text }),
    el('p', { class: 'change' }, ...codes(correction.predicted), el('span', { text: ' → ' }), ...codes(correction.codes)),
    correction.note ? el('p', { class: 'note', text: correction.note }) : null,
    el('p', { class: 'hint', text: correction.document }),
    button(label, () => drop(correction.text), { class: 'link' }),
  );
}

const codes = (list) => (list.length ? list.map(chip) : [el('span', { class: 'chip letter', text: word('no_label') })]);
