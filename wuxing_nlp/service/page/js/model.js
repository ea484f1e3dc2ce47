// The model: what a paper cites, and its card.

import { el, byId } from './base/dom.js';
import { on } from './base/events.js';
import { word } from './base/words.js';
import { state } from './state.js';

/** Follow the model and the language. */
export function listen() {
  on('codebook', draw);
  on('language', draw);
}

function draw() {
  const { model } = state;
  if (!model) return;
  byId('cited').textContent = model.cited;
  byId('view-model').replaceChildren(
    el('h1', { text: word('model_title') }),
    el('p', { class: 'lead', text: word('model_lead') }),
    facts(model),
    el('h2', { id: 'card-title', text: word('card') }),
    el('pre', { class: 'card', lang: 'en', tabindex: '0', role: 'region', 'aria-labelledby': 'card-title', text: model.card }),
  );
}

function facts(model) {
  const rows = [
    ['cited', model.cited],
    ['fingerprint', model.fingerprint],
    ['codebook_version', `${model.codebook.version} · ${model.codebook.sha256}`],
    ['package', `wuxing_nlp ${model.package}`],
  ];
  const cells = rows.flatMap(([key, value]) => [el('dt', { text: word(`model_${key}`) }), el('dd', { text: value })]);
  return el('dl', { class: 'record' }, ...cells);
}
