// What is known of one unit: its codes, how sure they are, the words behind them, what they mean.

import { el, button, byId } from '../base/dom.js';
import { on } from '../base/events.js';
import { number, word } from '../base/words.js';
import { draftOf } from '../corrections/drafts.js';
import { editorElement, enter } from '../corrections/editor.js';
import { correctionOf } from '../corrections/store.js';
import { setUnit, shown, state } from '../state.js';
import { cutter } from '../text/offsets.js';
import { nearest } from './matching.js';
import { likelihood, tagElement } from './tag.js';
import { chip } from './unit.js';
import { focusUnit } from './walk.js';

let preview = -1;

/** Follow the chosen unit, or else the one under the pointer. */
export function listen() {
  on('unit', draw);
  on('corrections', draw);
  on('preview', (at) => {
    if (state.unit >= 0 || at < 0 || at === preview) return;
    preview = at;
    draw();
  });
  on('document', forget);
  on('answer', forget);
  on('enter-detail', () => byId('detail-title')?.focus());
}

function forget() {
  preview = -1;
}

/** Draw the detail of the unit that is meant, or how to choose one. */
export function draw() {
  const place = document.getElementById('detail');
  const unit = shown()?.units[state.unit < 0 ? preview : state.unit];
  if (!place) return;
  place.classList.toggle('chosen', state.unit >= 0);
  if (unit) place.replaceChildren(...content(unit));
  else place.replaceChildren(el('p', { class: 'hint', text: word('detail_empty') }));
}

function content(unit) {
  const at = shown().units.indexOf(unit);
  const title = word('detail_title', { n: number(at + 1), kind: word(`kind_${unit.kind}`) });
  return [
    el('div', { class: 'detail-head' }, el('h2', { id: 'detail-title', tabindex: '-1', text: title }), closeButton()),
    el('blockquote', { lang: textLanguage(), text: unit.text }),
    ...findings(unit),
    correctionElement(unit),
  ];
}

function closeButton() {
  if (state.unit < 0) return null;
  const close = () => {
    focusUnit();
    setUnit(-1);
  };
  return button('×', close, { class: 'icon', 'aria-label': word('close'), title: `${word('close')} (Esc)` });
}

/** The `lang` of the shown document's words. */
export const textLanguage = () => (shown()?.script?.script === 'traditional' ? 'zh-Hant' : 'zh-Hans');

function findings(unit) {
  if (unit.tags.length) {
    const cut = cutter(shown().text);
    return unit.tags.map((tag) => tagElement(tag, cut, textLanguage()));
  }
  const near = unit.status === 'abstained' || unit.status === 'none' ? nearest(unit, state.book) : [];
  return [
    el('p', { class: 'verdict', text: word(`status_${unit.status}_long`) }),
    near.length ? nearElement(near) : null,
  ].filter(Boolean);
}

function nearElement(near) {
  const items = near.map(({ code, probability }) => el('li', {}, chip(code), likelihood(code, probability)));
  return el('div', { class: 'near' }, el('h3', { text: word('nearest') }), el('ul', {}, ...items));
}

/** The correction of a unit and the way to the form; the form itself where one was left unsaved. */
function correctionElement(unit) {
  const place = el('div', { class: 'correct' });
  if (state.unit >= 0 && draftOf(unit.text)) {
    place.append(editorElement(unit, draw));
    return place;
  }
  const known = correctionOf(unit.text);
  if (known) place.append(el('p', { class: 'hint' }, `${word('corrected_to')} `, ...codesOf(known)));
  place.append(button(word(known ? 'correct_again' : 'correct'), () => edit(unit), { class: 'plain', id: 'correct' }));
  return place;
}

/** Open the form; its unit is chosen first, lest the pointer choose another one on its way. */
function edit(unit) {
  setUnit(shown().units.indexOf(unit));
  const form = editorElement(unit, draw);
  document.querySelector('#detail .correct').replaceChildren(form);
  enter(form);
}

const codesOf = (known) => (known.codes.length ? known.codes.map(chip) : [word('no_label')]);
