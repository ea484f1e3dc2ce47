// One tag of a unit in its detail.

import { el, bar } from '../base/dom.js';
import { percent, word } from '../base/words.js';
import { bounds } from '../codebook/entry.js';
import { state } from '../state.js';
import { chip } from './unit.js';

/**
 * A tag with its probability, its evidence and its meaning.
 * @param {any} tag
 * @param {(start: number, end: number) => string} cut of the document's text
 * @param {string} language `lang` of the text
 * @returns {HTMLElement}
 */
export function tagElement(tag, cut, language) {
  const entry = state.book.entry(tag.code);
  return el(
    'section',
    { class: 'tag' },
    el('h3', {}, chip(tag.code), link(tag.code)),
    likelihood(tag.code, tag.probability),
    evidence(tag, cut, language),
    el('p', { class: 'definition', lang: 'zh-Hans', text: entry.definition }),
    el('details', {}, el('summary', { text: word('bounds') }), ...bounds(entry)),
  );
}

function link(code) {
  return el('a', { href: `#codebook/${state.book.key(code)}`, text: state.book.name(code), title: word('to_codebook') });
}

/**
 * A probability as a bar and a number.
 * @param {string} code
 * @param {number} probability
 * @returns {HTMLElement}
 */
export function likelihood(code, probability) {
  const kind = state.book.isProblem(code) ? 'problem' : 'type';
  return el(
    'p',
    { class: 'likelihood' },
    el('span', { class: 'hint', text: word('probability') }),
    bar(`${kind} whole`, probability),
    el('span', { class: 'n', text: percent(Math.min(probability, 0.999), 1) }),
  );
}

function evidence(tag, cut, language) {
  const words = [...new Set(tag.evidence.map(({ start, end }) => cut(start, end)))];
  if (!words.length) return el('p', { class: 'evidence hint', text: word('evidence_none') });
  const marks = words.flatMap((text) => [el('mark', { lang: language, text }), ' ']);
  return el('p', { class: 'evidence' }, el('span', { class: 'hint', text: `${word('evidence')} ` }), ...marks);
}
