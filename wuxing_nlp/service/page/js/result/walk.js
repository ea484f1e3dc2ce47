// Going through the units: by arrow keys, by mouse, and among the matches of a filter.

import { byId, show } from '../base/dom.js';
import { on, tell } from '../base/events.js';
import { correctionOf } from '../corrections/store.js';
import { setFilter, setUnit, shown, state } from '../state.js';
import { lines } from './document.js';
import { matches } from './matching.js';
import { redrawChips } from './unit.js';

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
/** @type {HTMLElement[]} */
let elements = [];
/** @type {number[]} */
let found = [];
let text;
/** Where the reader is: the chosen unit, or the one that was chosen last. */
let here = -1;

/** Draw the shown document into its place, and its filter. */
export function drawText(place) {
  text = place;
  const document = shown();
  place.replaceChildren(lines(document));
  elements = [];
  here = state.unit;
  for (const element of place.querySelectorAll('.unit')) elements[Number(element.dataset.at)] = element;
  drawFilter();
  drawUnit();
}

/** Listen to a text once: what is in it may change. */
export function listenTo(place) {
  place.addEventListener('click', (event) => at(event) >= 0 && choose(at(event)));
  place.addEventListener('focusin', (event) => at(event) >= 0 && reached(at(event)));
  place.addEventListener('keydown', key);
  place.addEventListener('mouseover', (event) => tell('preview', at(event)));
  place.addEventListener('mouseleave', () => tell('preview', -1));
}

/** The places of the units that the filter means. */
export const matching = () => found;

const at = (event) => Number(event.target.closest?.('.unit')?.dataset.at ?? -1);

/** A unit has the focus: choose it, and where the detail has come up over it, move it into sight. */
function reached(place) {
  setUnit(place);
  show(elements[place]);
}

function choose(place) {
  // A selection is being made with the mouse: that is no choice of a unit.
  if (!String(window.getSelection())) reached(place);
}

function key(event) {
  if (at(event) < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in STEPS) step(STEPS[event.key]);
  else if (event.key === 'Enter' || event.key === ' ') tell('enter-detail');
  else return;
  event.preventDefault();
}

/** Go on by a step: among the matches where there is a filter, else among all units. */
function step(by) {
  const order = state.filter ? found : [...elements.keys()].filter((place) => elements[place]);
  if (order.length) go(order[next(order, by)]);
}

function next(order, by) {
  if (!Number.isFinite(by)) return by < 0 ? 0 : order.length - 1;
  const after = order.findIndex((place) => place >= here);
  const from = after < 0 ? order.length : after;
  const steps = by > 0 && order[from] !== here ? 0 : by;
  return Math.min(Math.max(from + steps, 0), order.length - 1);
}

/**
 * Jump to the next or the previous match, round the end.
 * @param {1|-1} by
 */
export function jump(by) {
  if (!found.length) return;
  const later = found.findIndex((place) => place > here);
  const earlier = found.findLastIndex((place) => place < here);
  const wanted = by > 0 ? Math.max(later, 0) : earlier < 0 ? found.length - 1 : earlier;
  setUnit(found[wanted]);
  show(elements[found[wanted]], 'center');
}

/** Give a unit the focus; see `reached`. */
const go = (place) => elements[place].focus({ preventScroll: true });

/** Bring the focus back to the chosen unit, or to the first. */
export function focusUnit() {
  (elements[here] ?? elements.find(Boolean))?.focus({ preventScroll: true });
}

function drawFilter() {
  const units = shown()?.units ?? [];
  found = [];
  elements.forEach((element, place) => {
    const hit = Boolean(state.filter) && matches(units[place], state.filter, state.book, correctionOf);
    element.classList.toggle('match', hit);
    if (hit) found.push(place);
  });
  text.classList.toggle('filtered', Boolean(state.filter));
  tell('matches');
}

function drawUnit() {
  for (const element of text.querySelectorAll('.unit[tabindex="0"], .unit[aria-current]')) {
    element.tabIndex = -1;
    element.removeAttribute('aria-current');
  }
  if (state.unit >= 0) here = state.unit;
  const chosen = elements[state.unit];
  chosen?.setAttribute('aria-current', 'true');
  const reachable = elements[here] ?? elements.find(Boolean);
  if (reachable) reachable.tabIndex = 0;
}

function redrawCorrected() {
  const units = shown()?.units ?? [];
  elements.forEach((element, place) => {
    const drawn = Boolean(element.querySelector('.chip.corrected'));
    if (drawn || correctionOf(units[place].text)) redrawChips(element, units[place]);
  });
  if (state.filter === 'corrected') drawFilter();
}

/** Follow what changes. */
export function listen() {
  on('filter', () => {
    drawFilter();
    if (found.length && !found.includes(state.unit)) jump(1);
  });
  on('unit', drawUnit);
  on('corrections', () => text && redrawCorrected());
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) escape();
  });
}

/** Escape closes the detail, then the filter. */
function escape() {
  if (byId('view-tag').hidden || !state.answer) return;
  if (state.unit >= 0) {
    if (document.activeElement?.closest('#detail')) focusUnit();
    setUnit(-1);
  } else if (state.filter) setFilter('');
}
