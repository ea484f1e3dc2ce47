// The page's own words in three languages, from words/<language>.json.

import { tell } from './events.js';
import { local } from './storage.js';

/** @typedef {'hans'|'hant'|'en'} Language */

const TAGS = { hans: 'zh-Hans', hant: 'zh-Hant', en: 'en' };
const remembered = local('language');
const tables = {};

/** @type {Language} */
let language = 'hans';

/**
 * The language that is shown.
 * @returns {Language}
 */
export const current = () => language;

/**
 * Its tag for `lang` attributes and number formats.
 * @returns {string}
 */
export const tag = () => TAGS[language];

/**
 * A string of the page, with what stands in braces filled in.
 * @param {string} key
 * @param {Record<string, string|number>} [fills]
 * @returns {string}
 */
export function word(key, fills = {}) {
  const text = tables[language]?.[key];
  if (text === undefined) throw new Error(`no word ${key} in ${language}`);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in fills ? String(fills[name]) : whole));
}

/**
 * The word of a key that may be missing, or else the fallback: for what a server may newly say.
 * @param {string} key
 * @param {string} fallback
 * @returns {string}
 */
export const wordOr = (key, fallback) => tables[language]?.[key] ?? fallback;

/**
 * A whole number as the language writes it.
 * @param {number} value
 * @returns {string}
 */
export const number = (value) => value.toLocaleString(TAGS[language]);

/**
 * A share as per cent.
 * @param {number} share 0 to 1
 * @param {number} [digits]
 * @returns {string}
 */
export const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)}%`;

/** Show the language that was chosen last, or the first of the browser's that is known. */
export async function start() {
  await load(remembered.get(null) ?? preferred(navigator.languages));
}

/**
 * Show another language and remember it.
 * @param {Language} wanted
 */
export async function choose(wanted) {
  await load(wanted);
  remembered.set(wanted);
  tell('language');
}

async function load(wanted) {
  const known = wanted in TAGS ? wanted : 'hans';
  tables[known] ??= await (await fetch(new URL(`../../words/${known}.json`, import.meta.url))).json();
  language = known;
  translate(document);
}

/**
 * The language of the page for somebody's list of languages.
 * @param {readonly string[]} languages
 * @returns {Language}
 */
export function preferred(languages) {
  for (const name of languages) {
    if (/^zh\b.*(hant|tw|hk|mo)\b/i.test(name)) return 'hant';
    if (/^zh\b/i.test(name)) return 'hans';
    if (/^en\b/i.test(name)) return 'en';
  }
  return 'en';
}

/** Write the words into what stands in index.html. */
function translate(root) {
  document.documentElement.lang = TAGS[language];
  document.title = word('title');
  for (const element of root.querySelectorAll('[data-word]')) element.textContent = word(element.dataset.word);
  for (const element of root.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', word(`label_${element.dataset.label}`));
  }
  for (const element of root.querySelectorAll('[data-language]')) {
    element.setAttribute('aria-pressed', String(element.dataset.language === language));
  }
}
