// What is filtered, where in the matches the reader is, and the way to the next one.

import { el, button, byId } from '../base/dom.js';
import { on } from '../base/events.js';
import { number, word } from '../base/words.js';
import { setFilter, state } from '../state.js';
import { chip } from './unit.js';
import { jump, matching } from './walk.js';

/** The name of a filter in the page's language. */
export function filterName(filter) {
  if (filter === 'abstained' || filter === 'corrected') return word(`filter_${filter}`);
  return state.book.name(filter);
}

/** Keep the bar as the filter is. */
export function listen() {
  on('matches', draw);
  on('unit', place);
}

function draw() {
  const bar = byId('filterbar');
  bar.hidden = !state.filter;
  bar.replaceChildren();
  if (!state.filter) return;
  bar.append(
    el('span', { class: 'what' }, sign(), el('strong', { text: filterName(state.filter) })),
    el('span', { class: 'where', id: 'where', 'aria-live': 'polite' }),
    button('↑', () => jump(-1), { class: 'icon', 'aria-label': word('previous'), title: word('previous') }),
    button('↓', () => jump(1), { class: 'icon', 'aria-label': word('next'), title: word('next') }),
    button(word('show_all'), () => setFilter(''), { class: 'link' }),
  );
  place();
}

function sign() {
  return /^[A-Z]/.test(state.filter) ? chip(state.filter) : null;
}

function place() {
  const where = document.getElementById('where');
  if (!where) return;
  const at = matching().indexOf(state.unit);
  const fills = { n: at < 0 ? '–' : number(at + 1), m: number(matching().length) };
  where.textContent = word('n_of_m', fills);
}
