// Where text and files are given.

import { el, button } from '../base/dom.js';
import { tell, on } from '../base/events.js';
import { number, word } from '../base/words.js';
import { codePoints } from '../text/offsets.js';
import { state } from '../state.js';
import { addFiles, chosen, clearFiles, drop, fileList } from './files.js';
import { options, optionFields } from './options.js';

const SAMPLES = { hans: 'simplified', hant: 'traditional' };
const draft = { text: '' };

/**
 * Draw the form anew, with what was typed.
 * @param {HTMLElement} place
 */
export function drawForm(place) {
  const form = el('form', { class: 'give', 'aria-labelledby': 'give-title', on: { submit } });
  form.append(
    el('h1', { id: 'give-title', text: word('give_title') }),
    el('p', { class: 'lead', text: word('give_lead') }),
    el('div', { class: 'desk' }, textField(), fileField()),
    optionFields(),
    el('div', { class: 'actions' }, el('button', { class: 'main', type: 'submit', text: word('tag_action') })),
    el('p', { class: 'hint which', id: 'which', role: 'status' }),
  );
  drop(form);
  place.replaceChildren(form);
  count();
  tellWhich();
}

function textField() {
  const area = el('textarea', {
    id: 'text',
    rows: '12',
    placeholder: word('text_placeholder'),
    spellcheck: 'false',
    'aria-describedby': 'text-count',
    on: { input: typed, keydown: shortcut },
  });
  area.value = draft.text;
  return el(
    'div',
    { class: 'field' },
    el('div', { class: 'over' }, el('label', { for: 'text', text: word('text_label') }), sampleButtons()),
    area,
    el('p', { class: 'hint', id: 'text-count' }),
  );
}

function sampleButtons() {
  const buttons = Object.keys(SAMPLES).map((script) =>
    button(word(`sample_${script}`), () => sample(script), { class: 'link', 'data-sample': script }),
  );
  return el('span', { class: 'samples' }, el('span', { text: word('sample') }), ...buttons);
}

async function sample(script) {
  const answer = await fetch(new URL('../../samples.json', import.meta.url));
  // Who asks for the sample wants it tagged, and no file in its place.
  clearFiles();
  write((await answer.json())[SAMPLES[script]]);
}

/**
 * Put a text into the form.
 * @param {string} text
 */
function write(text) {
  const area = /** @type {HTMLTextAreaElement} */ (document.getElementById('text'));
  area.value = text;
  typed();
  area.focus();
  area.setSelectionRange(0, 0);
  area.scrollTop = 0;
}

function typed() {
  draft.text = /** @type {HTMLTextAreaElement} */ (document.getElementById('text')).value;
  count();
  tellWhich();
}

function shortcut(event) {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
}

/** Say how long the text is, and how long it may be. */
function count() {
  const place = document.getElementById('text-count');
  if (!place) return;
  const length = codePoints(draft.text);
  const most = state.limits?.characters ?? Infinity;
  const key = Number.isFinite(most) ? 'characters_of' : 'characters';
  place.textContent = word(key, { n: number(length), most: number(most) });
  place.classList.toggle('over-limit', length > most);
}

/** Where there are both, say that the files are tagged and the text is not. */
function tellWhich() {
  const both = chosen().length > 0 && draft.text.trim() !== '';
  const place = document.getElementById('which');
  if (place) place.textContent = both ? word('files_first', { n: number(chosen().length) }) : '';
}

on('limits', count);
on('files', tellWhich);
// Another text begins without the files of the last one.
on('answer', () => state.answer || clearFiles());

function fileField() {
  // The browser's own button speaks the browser's language: the label is ours.
  const attributes = { type: 'file', id: 'files', class: 'quiet', multiple: true, 'aria-describedby': 'files-hint' };
  const input = el('input', { ...attributes, on: { change: picked } });
  const choose = el('label', { for: 'files', class: 'choose-files', text: word('files_choose') });
  return el(
    'div',
    { class: 'field files' },
    el('p', { class: 'caption', text: word('files_label') }),
    el('div', { class: 'dropzone' }, el('p', { text: word('files_drop') }), input, choose),
    el('p', { class: 'hint', id: 'files-hint', text: word('files_hint') }),
    fileList(),
  );
}

function picked(event) {
  addFiles(event.target.files);
  event.target.value = '';
}

function submit(event) {
  event.preventDefault();
  // A half of a surrogate pair is no character: the server would refuse the whole text.
  const text = draft.text.replace(/\r\n?/g, '\n').toWellFormed();
  if (chosen().length) tell('submit', { files: chosen(), options: options() });
  else if (text.trim()) tell('submit', { text, options: options() });
  else tell('empty');
}
