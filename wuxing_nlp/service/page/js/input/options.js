// What the model is to prefer, and from which probability on.

import { el } from '../base/dom.js';
import { percent, word } from '../base/words.js';

const PREFERENCES = ['balanced', 'precision', 'recall'];
const chosen = { prefer: 'balanced', minProbability: 0 };

/**
 * The options that are chosen.
 * @returns {{prefer: string, minProbability: number}}
 */
export const options = () => ({ ...chosen });

/**
 * The fields for them.
 * @returns {HTMLElement}
 */
export function optionFields() {
  return el('div', { class: 'options' }, preferField(), probabilityField());
}

function preferField() {
  const select = el(
    'select',
    { id: 'prefer', 'aria-describedby': 'prefer-hint', on: { change: prefer } },
    ...PREFERENCES.map((name) => el('option', { value: name, text: word(`prefer_${name}`) })),
  );
  select.value = chosen.prefer;
  const hint = el('p', { class: 'hint', id: 'prefer-hint', text: word(`prefer_${chosen.prefer}_hint`) });
  return el('div', { class: 'field' }, el('label', { for: 'prefer', text: word('prefer') }), select, hint);
}

function prefer(event) {
  chosen.prefer = event.target.value;
  document.getElementById('prefer-hint').textContent = word(`prefer_${chosen.prefer}_hint`);
}

function probabilityField() {
  const attributes = { id: 'least', type: 'range', min: '0', max: '0.95', step: '0.05', on: { input: least } };
  const range = el('input', { ...attributes, 'aria-describedby': 'least-hint' });
  range.value = String(chosen.minProbability);
  const output = el('output', { id: 'least-value', for: 'least', text: percent(chosen.minProbability) });
  return el(
    'div',
    { class: 'field' },
    el('label', { for: 'least', text: word('least') }),
    el('div', { class: 'range' }, range, output),
    el('p', { class: 'hint', id: 'least-hint', text: word('least_hint') }),
  );
}

function least(event) {
  chosen.minProbability = Number(event.target.value);
  document.getElementById('least-value').textContent = percent(chosen.minProbability);
}
