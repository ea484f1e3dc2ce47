// The form in which a reader says which labels a unit should have.

import { el, button, byId } from '../base/dom.js';
import { word } from '../base/words.js';
import { chip } from '../result/unit.js';
import { shown, state } from '../state.js';
import { draftOf, dropDraft, keepDraft } from './drafts.js';
import { correctionOf, drop, keep } from './store.js';

/**
 * The form for a unit, as it was left.
 * @param {any} unit
 * @param {() => void} done what to do when the form is closed
 * @returns {HTMLFormElement}
 */
export function editorElement(unit, done) {
  const { codes, note } = draftOf(unit.text) ?? saved(unit);
  const given = new Set(codes);
  const form = el('form', { class: 'editor', 'aria-labelledby': 'editor-title' });
  form.append(
    el('h3', { id: 'editor-title', tabindex: '-1', text: word('editor_title') }),
    el('p', { class: 'hint', text: word('editor_lead') }),
    ...state.book.types.map((type) => fieldset(type.letter, given)),
    ...state.book.problems.map((problem) => fieldset(problem.letter, given)),
    el('p', { class: 'hint', id: 'editor-hint', 'aria-live': 'polite' }),
    el('label', { for: 'note', text: word('note') }),
    noteField(note),
    el('div', { class: 'actions' }, saveButton(), button(word('cancel'), () => close(unit, done), { class: 'plain' })),
    el('p', { class: 'hint', id: 'save-hint', text: word('editor_unchanged') }),
  );
  form.addEventListener('input', () => follow(form, unit));
  form.addEventListener('submit', (event) => submit(event, unit, done));
  form.addEventListener('keydown', (event) => cancel(event, unit, done));
  follow(form, unit);
  return form;
}

/**
 * Bring a form that was just put into the detail before the reader.
 * @param {HTMLFormElement} form
 */
export function enter(form) {
  byId('editor-title').focus({ preventScroll: true });
  const panel = byId('detail');
  panel.scrollTop += form.getBoundingClientRect().top - panel.getBoundingClientRect().top - 12;
  byId('editor-title').scrollIntoView({ block: 'nearest' });
}

/** What stands without the form: the last correction, or what the model said. */
function saved(unit) {
  const known = correctionOf(unit.text);
  return { codes: state.book.base(known?.codes ?? unit.codes), note: known?.note ?? '' };
}

function noteField(note) {
  const field = el('input', { type: 'text', id: 'note', maxlength: '500', autocomplete: 'off' });
  field.value = note;
  return field;
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
function advise(form, codes) {
  const doubled = codes.filter((code) => code[1] === '0' && codes.some((other) => /[1-9]/.test(other[1]) && other[0] === code[0]));
  form.querySelector('#editor-hint').textContent = doubled.length ? word('editor_whole', { codes: doubled.join(', ') }) : '';
}

/** What the form says is a draft where it differs from what is saved; only then there is something to save. */
function follow(form, unit) {
  const draft = { codes: ticked(form), note: form.querySelector('#note').value.trim() };
  const changed = !same(draft, saved(unit));
  if (changed) keepDraft(unit.text, draft);
  else dropDraft(unit.text);
  form.querySelector('[type=submit]').disabled = !changed;
  form.querySelector('#save-hint').hidden = changed;
  advise(form, draft.codes);
}

const same = (one, other) => one.note === other.note && [...one.codes].sort().join() === [...other.codes].sort().join();

function close(unit, done) {
  dropDraft(unit.text);
  done();
  document.getElementById('correct')?.focus();
}

function cancel(event, unit, done) {
  if (event.key !== 'Escape') return;
  event.preventDefault();
  close(unit, done);
}

function submit(event, unit, done) {
  event.preventDefault();
  const { codes, note } = draftOf(unit.text);
  dropDraft(unit.text);
  byId('status').textContent = word(outcome(unit, codes, note));
  done();
  document.getElementById('correct')?.focus();
}

/** Keep what was said; a correction that says no more than the model is none, and is taken back. */
function outcome(unit, codes, note) {
  if (same({ codes, note }, { codes: state.book.base(unit.codes), note: '' })) {
    drop(unit.text);
    return 'correction_undone';
  }
  const kept = keep({
    text: unit.text,
    codes: state.book.written(codes),
    predicted: unit.codes,
    kind: shown().metadata?.kind || 'other',
    document: shown().document,
    model: state.answer.model,
    note,
  });
  return kept ? 'correction_kept' : 'correction_lost';
}
