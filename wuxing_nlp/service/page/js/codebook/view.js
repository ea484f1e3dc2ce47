// The codebook as a page: an index, a search box, the entries, the rules.

import { el, byId } from '../base/dom.js';
import { on } from '../base/events.js';
import { current, number, word } from '../base/words.js';
import { chip } from '../result/unit.js';
import { state } from '../state.js';
import { entryElement, searched } from './entry.js';

let query = '';
/** @type {{texts: string, elements: HTMLElement[]}[]} */
let index = [];

/** Follow the codebook and the language. */
export function listen() {
  on('codebook', draw);
  on('language', draw);
}

function draw() {
  if (!state.book) return;
  const { contents } = state.book;
  index = [];
  byId('view-codebook').replaceChildren(
    el('h1', { text: contents.title[current()] || contents.title.hans }),
    el('p', { class: 'lead', text: word('codebook_lead', { version: contents.version }) }),
    searchField(),
    el('div', { class: 'book' }, contentsList(), el('div', { class: 'entries' }, ...entries(), ...rules(contents))),
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
    const link = byCode(entry.code ?? entry.letter);
    index.push({ texts: searched(entry), elements: [element, link] });
    return element;
  });
}

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
    index.push({ texts: `${rule.hans}\n${rule.en}\n${rule.codes.join(' ')}`.toLowerCase(), elements: [item] });
    return item;
  });
  return [
    el('h2', { text: word('rules') }),
    el('p', { lang, text: unit[language] || unit.hans }),
    el('ol', { class: 'rules' }, ...items),
  ];
}

function search() {
  const wanted = query.trim().toLowerCase().split(/\s+/);
  let hits = 0;
  for (const { texts, elements } of index) {
    const hit = wanted.every((part) => texts.includes(part));
    if (hit) hits += 1;
    for (const element of elements) element.hidden = !hit;
  }
  byId('found').textContent = query.trim() ? word('found', { n: number(hits) }) : '';
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
