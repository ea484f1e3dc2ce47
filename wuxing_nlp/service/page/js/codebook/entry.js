// An entry of the codebook. Its sentences are Chinese in every language: they are the authority.

import { el } from '../base/dom.js';
import { word } from '../base/words.js';
import { state } from '../state.js';
import { chip } from '../result/unit.js';
import { title } from './book.js';

const ZH = 'zh-Hans';

/**
 * What an entry takes in, leaves out, and is not to be confused with.
 * @param {any} entry
 * @returns {HTMLElement[]}
 */
export function bounds(entry) {
  return [
    named(word('include'), list(entry.include)),
    entry.exclude.length ? named(word('exclude'), list(entry.exclude)) : null,
    entry.confused_with.length ? named(word('confused'), confusions(entry.confused_with)) : null,
  ].filter(Boolean);
}

const named = (name, content) => el('div', { class: 'bound' }, el('h4', { text: name }), content);
const list = (items) => el('ul', { lang: ZH }, ...items.map((text) => el('li', { text })));

function confusions(items) {
  return el('ul', {}, ...items.map(({ code, note }) => el('li', {}, codeLink(code), el('span', { lang: ZH, text: note }))));
}

const codeLink = (code) => el('a', { class: 'code', href: `#codebook/${state.book.key(code)}`, text: code });

/**
 * A whole entry.
 * @param {any} entry a type, measure or problem
 * @returns {HTMLElement}
 */
export function entryElement(entry) {
  const key = entry.code ?? entry.letter;
  const kind = entry.code ? 'measure' : entry.measures ? 'kind' : 'problem';
  return el(
    'article',
    { class: `entry ${kind}`, id: `entry-${key}`, 'aria-labelledby': `entry-${key}-title` },
    el('h2', { id: `entry-${key}-title`, tabindex: '-1' }, chip(key), el('span', { lang: ZH, text: ` ${entry.name.hans}` }), gloss(entry)),
    el('p', { class: 'definition', lang: ZH, text: entry.definition }),
    ...bounds(entry),
    named(word('keywords'), el('p', { class: 'keywords', lang: ZH, text: entry.keywords.join('、') })),
    el('details', {}, el('summary', { text: word('examples') }), ...examples(entry)),
  );
}

const gloss = (entry) => el('span', { class: 'gloss', lang: 'en', text: ` ${entry.gloss}` });

function examples(entry) {
  const groups = entry.positive
    ? [[codeOf(entry), entry.positive]]
    : [['!', entry.exists], ['-', entry.tackled], ['!-', entry.both]].map(([mark, texts]) => [entry.letter + mark, texts]);
  return [
    ...groups.map(([code, texts]) => el('div', { class: 'bound' }, el('h4', {}, chip(code)), list(texts))),
    named(word('negative'), el('ul', {}, ...entry.negative.map(negative))),
  ];
}

const codeOf = (entry) => entry.code ?? `${entry.letter}0`;

function negative({ text, codes, note }) {
  const marks = codes.length ? codes.map(chip) : [el('span', { class: 'chip letter', text: '0' })];
  return el('li', { lang: ZH }, text, ' ', ...marks, el('span', { class: 'hint', text: ` ${note}` }));
}

/** Everything of an entry that a reader may look for. */
export function searched(entry) {
  const { name, gloss: english, definition, include, exclude, keywords } = entry;
  const parts = [entry.code, entry.letter, name.hans, name.hant, title(entry), english, definition];
  return [...parts, ...include, ...exclude, ...keywords].filter(Boolean).join('\n');
}
