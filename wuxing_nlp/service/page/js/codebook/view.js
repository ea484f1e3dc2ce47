// The codebook as a page: an index, a search box, the entries, the rules.

import { el, byId } from '../base/dom.js';
import { on } from '../base/events.js';
import { current, number, word } from '../base/words.js';
import { chip } from '../result/unit.js';
import { state } from '../state.js';
import { entryElement, searched } from './entry.js';
import { folder } from './folding.js';

let query = '';
/**
 * What can be found: its key where it is an entry, its folded text, and what shows it.
 * @type {{key?: string, texts: string, elements: HTMLElement[]}[]}
 */
let index = [];
/** @type {(text: string) => string} */
let fold;

/** Follow the codebook and the language. */
export function listen() {
  on('codebook', draw);
  on('language', draw);
}

function draw() {
  if (!state.book) return;
  const { contents } = state.book;
  index = [];
  fold = folder([...state.book.entries.values()].map((entry) => entry.name));
  byId('view-codebook').replaceChildren(
    el('h1', { text: contents.title[current()] || contents.title.hans }),
    el('p', { class: 'lead', text: word('codebook_lead', { version: contents.version }) }),
    searchField(),
    el('div', { class: 'book' }, contentsList(), el('div', { class: 'entries', id: 'entries' }, ...entries(), nothing(), ...rules(contents))),
  );
  search();
}

function searchField() {
  const box = el('input', { type: 'search', id: 'search', autocomplete: 'off', spellcheck: 'false' });
  box.value = query;
  box.addEventListener('input', () => {
    query = box.value;
    search();
  });
  const found = el('p', { class: 'hint', id: 'found', role: 'status' });
  return el('div', { class: 'field search' }, el('label', { for: 'search', text: word('search') }), box, found);
}

function entries() {
  return [...state.book.entries.values()].map((entry) => {
    const element = entryElement(entry);
    const key = entry.code ?? entry.letter;
    index.push({ key, texts: fold(searched(entry)), elements: [element, byCode(key)] });
    return element;
  });
}

const nothing = () => el('p', { class: 'nothing', id: 'nothing-found', text: word('found_none') });

const links = new Map();
const byCode = (code) => links.get(code);

function contentsList() {
  links.clear();
  const items = [...state.book.entries.keys()].map((code) => {
    const link = el('a', { href: `#codebook/${code}` }, chip(code));
    const item = el('li', { class: code.length > 1 ? 'part' : '' }, link);
    links.set(code, item);
    return item;
  });
  return el('nav', { class: 'contents', 'aria-label': word('codebook_contents') }, el('ul', {}, ...items));
}

function rules({ rules: all, unit }) {
  const language = current() === 'en' ? 'en' : 'hans';
  const lang = language === 'en' ? 'en' : 'zh-Hans';
  const items = all.map((rule) => {
    const item = el('li', { lang, text: rule[language] });
    index.push({ texts: fold(`${rule.hans}\n${rule.en}\n${rule.codes.join(' ')}`), elements: [item] });
    return item;
  });
  return [
    el('h2', { class: 'of-rules', text: word('rules') }),
    el('p', { class: 'of-rules', lang, text: unit[language] || unit.hans }),
    el('ol', { class: 'rules' }, ...items),
  ];
}

function search() {
  const parts = fold(query).trim().split(/\s+/);
  const keys = new Set(parts.map(keyOf));
  const tests = parts.map(test);
  const hits = index.filter(({ key, texts }) => tests.every((passes) => passes(texts, key)));
  for (const item of index) for (const element of item.elements) element.hidden = !hits.includes(item);
  order(keys);
  byId('nothing-found').hidden = hits.length > 0;
  const rule = hits.some(({ key }) => !key);
  for (const element of document.querySelectorAll('.of-rules')) element.hidden = !rule;
  byId('found').textContent = query.trim() ? word('found', { n: number(hits.length) }) : '';
}

/** The entry that a searched word is the code of: `P!` and `p` are P's, `z0` is Z's; none of another word. */
function keyOf(part) {
  const code = part.toUpperCase();
  return state.book.isCode(code) ? state.book.key(code) : null;
}

/** A code is searched for as a whole, or else F would be found in every English word that has an f. */
function test(part) {
  const key = keyOf(part);
  if (!key) return (texts) => texts.includes(part);
  const whole = new RegExp(`(?<![a-z0-9])${part.replace(/[^a-z0-9]/g, '\\$&')}(?![a-z0-9])`);
  return (texts, own) => own === key || whole.test(texts);
}

/** The entries in the codebook's order, but those whose codes are searched for first. */
function order(keys) {
  const all = index.filter(({ key }) => key);
  const first = all.filter(({ key }) => keys.has(key));
  const rest = all.filter(({ key }) => !keys.has(key));
  byId('entries').prepend(...[...first, ...rest].map(({ elements }) => elements[0]));
}

/**
 * Show an entry.
 * @param {string} code its letter or code
 */
export function showEntry(code) {
  if (query) {
    query = '';
    byId('search').value = '';
    search();
  }
  const title = document.getElementById(`entry-${code}-title`);
  title?.scrollIntoView({ block: 'start' });
  title?.focus({ preventScroll: true });
}
