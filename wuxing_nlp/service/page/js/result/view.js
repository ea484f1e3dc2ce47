// A result as a whole: what stands where.

import { el, byId } from '../base/dom.js';
import { on } from '../base/events.js';
import { word } from '../base/words.js';
import { shown, state } from '../state.js';
import { chooserElement, failuresElement, nameOf, noticesElement } from './chooser.js';
import { draw as drawDetail, listen as listenDetail, textLanguage } from './detail.js';
import { listen as listenFilter } from './filterbar.js';
import { drawDownloadsNote, headElement, legendElement, namesShown, toolsElement } from './head.js';
import { markPressed, profileElement } from './profile.js';
import { drawText, listen as listenWalk, listenTo } from './walk.js';

const WIDE = '(min-width: 70rem)';

/** Follow the answer, the chosen document and the filter. */
export function listen() {
  listenWalk();
  listenFilter();
  listenDetail();
  on('answer', drawAnswer);
  on('document', drawDocument);
  on('filter', () => markPressed(byId('side')));
  on('corrections', () => {
    if (!shown()) return;
    drawSide();
    drawDownloadsNote();
  });
  on('names', (shownNames) => byId('tagged')?.classList.toggle('names', shownNames));
  on('language', () => state.answer && redraw());
}

function drawAnswer() {
  const place = byId('result');
  place.hidden = !state.answer;
  byId('input').hidden = Boolean(state.answer);
  if (!state.answer) {
    place.replaceChildren();
    document.getElementById('text')?.focus();
    return;
  }
  redraw();
  byId('status').textContent = word('done_status', { name: nameOf(shown()), n: shown().profile.coded });
  document.getElementById('result-title').focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

/** Everything anew, with the same document, filter and unit. */
function redraw() {
  const { failures, notices } = state.answer;
  byId('result').replaceChildren(
    ...[toolsElement(), failuresElement(failures), noticesElement(notices), frame()].filter(Boolean),
  );
  drawDownloadsNote();
  listenTo(byId('tagged'));
  drawDocument();
}

function frame() {
  const names = namesShown() ? ' names' : '';
  return el(
    'div',
    { class: 'frame' },
    el('div', { class: 'side' }, chooserElement(), el('div', { id: 'side' })),
    el(
      'article',
      { class: 'sheet', 'aria-labelledby': 'result-title' },
      el('div', { id: 'head' }),
      legendElement(),
      el('div', { id: 'filterbar', class: 'filterbar', role: 'group', 'aria-label': word('filter'), hidden: true }),
      el('div', { id: 'tagged', class: `text${names}`, role: 'group', 'aria-label': word('text_of') }),
      el('p', { class: 'hint keys', text: word('keys') }),
    ),
    el('aside', { id: 'detail', class: 'detail', 'aria-label': word('detail') }),
  );
}

function drawDocument() {
  const document = shown();
  byId('head').replaceChildren(headElement(document));
  byId('tagged').lang = textLanguage();
  drawText(byId('tagged'));
  drawSide();
  drawDetail();
  markChosen();
}

function drawSide() {
  const open = byId('side').querySelector('details')?.open ?? matchMedia(WIDE).matches;
  const details = el('details', { class: 'box', open }, el('summary', { text: word('profile') }), profileElement(shown()));
  byId('side').replaceChildren(details);
}

function markChosen() {
  for (const element of document.querySelectorAll('[data-document]')) {
    if (Number(element.dataset.document) === state.at) element.setAttribute('aria-current', 'true');
    else element.removeAttribute('aria-current');
  }
}

