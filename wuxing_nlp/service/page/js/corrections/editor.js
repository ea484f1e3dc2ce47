// The form in which a reader says which labels a unit should have.

import { el, button, byId } from '../base/dom.js';
import { word } from '../base/words.js';
import { chip } from '../result/unit.js';
import { shown, state } from '../state.js';
import { correctionOf, keep } from './store.js';

/**
 * Put the form for a unit into a place.
 * @param {HTMLElement} place
 * @param {any} unit
 * @param {() => void} done what to do when the form is closed
 */
export function drawEditor(place, unit, done) {
  const known = correctionOf(unit.text);
  const given = new Set(state.book.base(known?.codes ?? unit.codes));
  const note = el('input', { type: 'text', id: 'note', maxlength: '500', autocomplete: 'off' });
  note.value = known?.note ?? '';
  const form = el('form', { class: 'editor', 'aria-labelledby': 'editor-title' });
  form.append(
    el('h3', { id: 'editor-title', tabindex: '-1', text: word('editor_title') }),
    el('p', { class: 'hint', text: word('editor_lead') }),
    ...state.book.types.map((type) => fieldset(type.letter, given)),
    ...state.book.problems.map((problem) => fieldset(problem.letter, given)),
    el('p', { class: 'hint', id: 'editor-hint', 'aria-live': 'polite' }),
    el('label', { for: 'note', text: word('note') }),
    note,
    el('div', { class: 'actions' }, saveButton(), button(word('cancel'), done, { class: 'plain' })),
  );
  form.addEventListener('change', () => advise(form));
  form.addEventListener('submit', (event) => submit(event, unit, form, done));
  form.addEventListener('keydown', (event) => cancel(event, done));
  place.replaceChildren(form);
  advise(form);
  byId('editor-title').focus({ preventScroll: true });
  const panel = byId('detail');
  panel.scrollTop += form.getBoundingClientRect().top - panel.getBoundingClientRect().top - 12;
  byId('editor-title').scrollIntoView({ block: 'nearest' });
}

const saveButton = () => el('button', { type: 'submit', class: 'main', text: word('save_correction') });

function fieldset(letter, given) {
  const codes = state.book.codes.filter((code) => code[0] === letter);
  const legend = el('legend', { text: `${letter} ${state.book.name(letter)}` });
  return el('fieldset', {}, legend, ...codes.map((code) => option(code, given.has(code))));
}

function option(code, checked) {
  const box = el('input', { type: 'checkbox', name: 'code', value: code });
  box.checked = checked;
  return el('label', {}, box, chip(code));
}

const ticked = (form) => [...form.querySelectorAll('input[name=code]:checked')].map((box) => box.value);

/** The codebook uses X0 only where no measure of X fits: say so, and let the reader decide. */
function advise(form) {
  const codes = ticked(form);
  const doubled = codes.filter((code) => code[1] === '0' && codes.some((other) => /[1-9]/.test(other[1]) && other[0] === code[0]));
  byId('editor-hint').textContent = doubled.length ? word('editor_whole', { codes: doubled.join(', ') }) : '';
}

function cancel(event, done) {
  if (event.key !== 'Escape') return;
  event.preventDefault();
  done();
  document.getElementById('correct')?.focus();
}

function submit(event, unit, form, done) {
  event.preventDefault();
  const kept = keep({
    text: unit.text,
    codes: state.book.written(ticked(form)),
    predicted: unit.codes,
    kind: shown().metadata?.kind || 'other',
    document: shown().document,
    model: state.answer.model,
    note: form.querySelector('#note').value.trim(),
  });
  done();
  byId('status').textContent = word(kept ? 'correction_kept' : 'correction_lost');
  document.getElementById('correct')?.focus();
}
