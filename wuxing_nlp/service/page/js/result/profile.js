// The document's profile: how often each label stands in it. Every name is a filter.

import { el, bar, button } from '../base/dom.js';
import { number, percent, word } from '../base/words.js';
import { setFilter, state } from '../state.js';
import { corrected } from '../corrections/store.js';

/**
 * The profile of a document.
 * @param {any} document
 * @returns {HTMLElement}
 */
export function profileElement(document) {
  const { profile } = document;
  const counts = { ...profile.letters, ...profile.codes };
  const scale = Math.max(1, ...Object.values(profile.letters));
  const row = (code, kind) => rowElement(code, kind, counts, profile.coded, scale);
  return el(
    'div',
    { class: 'profile' },
    el('p', { class: 'base', text: word('profile_base', { n: number(profile.coded) }) }),
    el('h3', { text: word('types') }),
    ...state.book.types.map((type) => typeGroup(type, counts, row)),
    el('h3', { text: word('problems') }),
    ...state.book.problems.map((problem) => problemGroup(problem, row)),
    el('h3', { text: word('rest') }),
    statuses(document),
  );
}

function typeGroup(type, counts, row) {
  const whole = counts[`${type.letter}0`] ? [row(`${type.letter}0`, 'type part')] : [];
  const measures = type.measures.map((measure) => row(measure.code, 'type part'));
  return el('ul', { class: 'rows' }, row(type.letter, 'type whole'), ...measures, ...whole);
}

function problemGroup(problem, row) {
  const stances = state.book.problemCodes(problem).map((code) => row(code, `problem part ${stance(code)}`));
  return el('ul', { class: 'rows' }, row(problem.letter, 'problem whole'), ...stances);
}

const stance = (code) => (code.endsWith('!') ? 'exists' : 'tackled');

function rowElement(code, kind, counts, coded, scale) {
  const count = counts[code] ?? 0;
  const name = kind.includes('part') ? state.book.part(code) : state.book.name(code);
  return el(
    'li',
    { class: `row ${kind}${count ? '' : ' zero'}` },
    filterButton(code, count, el('span', { class: 'code', text: code }), el('span', { class: 'label', text: name })),
    bar(kind, count / scale),
    el('span', { class: 'n', text: number(count) }),
    el('span', { class: 'share', text: count ? percent(count / coded, 1) : '' }),
  );
}

function filterButton(filter, count, ...content) {
  const attributes = {
    class: 'filter',
    'data-filter': filter,
    'aria-pressed': String(state.filter === filter),
    disabled: count === 0,
  };
  const element = button('', () => setFilter(filter), attributes);
  element.replaceChildren(...content);
  return element;
}

function statuses(document) {
  const counts = document.profile.statuses;
  const list = ['labelled', 'none', 'abstained', 'too_short', 'not_chinese'].filter((name) => counts[name]);
  const items = list.map((name) => {
    const label = el('span', { class: 'label', text: word(`status_${name}`) });
    return statusRow(name === 'abstained' ? filterButton(name, counts[name], label) : label, counts[name]);
  });
  const fixed = corrected(document.units);
  const label = el('span', { class: 'label', text: word('filter_corrected') });
  if (fixed) items.push(statusRow(filterButton('corrected', fixed, label), fixed));
  return el('ul', { class: 'rows statuses' }, ...items);
}

function statusRow(name, count) {
  return el('li', { class: 'row' }, name, el('span', { class: 'n', text: number(count) }));
}

/** Show which filter is pressed. */
export function markPressed(place) {
  for (const element of place.querySelectorAll('[data-filter]')) {
    element.setAttribute('aria-pressed', String(element.dataset.filter === state.filter));
  }
}
