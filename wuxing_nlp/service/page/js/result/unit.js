// One unit in the text: its words, its evidence, its chips.

import { el } from '../base/dom.js';
import { word } from '../base/words.js';
import { correctionOf } from '../corrections/store.js';
import { state } from '../state.js';
import { merged } from './matching.js';

/**
 * The element of a unit. Furniture is plain text: nobody codes it.
 * @param {any} unit
 * @param {number} at its place in the document
 * @param {(start: number, end: number) => string} cut of the document's text
 * @returns {HTMLElement}
 */
export function unitElement(unit, at, cut) {
  if (unit.kind === 'furniture') return el('span', { class: 'furniture', text: unit.text });
  const attributes = { class: `unit ${classes(unit)}`, role: 'button', tabindex: '-1', 'data-at': at };
  return el('span', attributes, el('span', { class: 'words' }, ...pieces(unit, cut)), ...chips(unit));
}

function classes(unit) {
  const kinds = new Set(unit.codes.map((code) => (state.book.isProblem(code) ? stanceClass(code) : 'type')));
  return [unit.kind, unit.status, ...kinds].join(' ');
}

const stanceClass = (code) => (code.includes('!') ? 'exists' : 'tackled');

/** The unit's text, with its evidence as marks. */
function pieces(unit, cut) {
  const spans = merged(unit.tags.flatMap((tag) => tag.evidence));
  const result = [];
  let done = unit.start;
  for (const { start, end } of spans) {
    result.push(cut(done, start), el('mark', { text: cut(start, end) }));
    done = end;
  }
  return [...result, cut(done, unit.end)];
}

/**
 * The chip of a code.
 * @param {string} code
 * @returns {HTMLElement}
 */
export function chip(code) {
  const kind = state.book.isProblem(code) ? `problem ${chipStance(code)}` : 'type';
  return el(
    'span',
    { class: `chip ${kind}` },
    el('span', { class: 'chip-code', text: code }),
    el('span', { class: 'chip-name', text: state.book.short(code) }),
  );
}

function chipStance(code) {
  if (code.endsWith('!-')) return 'both';
  return code.endsWith('!') ? 'exists' : code.endsWith('-') ? 'tackled' : 'letter';
}

function chips(unit) {
  const shown = unit.codes.map(chip);
  if (unit.status === 'abstained') shown.push(sign('doubt', '?', word('status_abstained')));
  const correction = correctionOf(unit.text);
  if (correction) shown.push(sign('corrected', `✎ ${correction.codes.join(' ') || '0'}`, word('corrected')));
  return shown.length ? [el('span', { class: 'chips' }, ...shown)] : [];
}

function sign(kind, text, name) {
  return el('span', { class: `chip ${kind}` }, text, el('span', { class: 'quiet', text: ` ${name}` }));
}

/**
 * Draw the chips of a unit's element anew.
 * @param {HTMLElement} element
 * @param {any} unit
 */
export function redrawChips(element, unit) {
  element.querySelector('.chips')?.remove();
  element.append(...chips(unit));
}
