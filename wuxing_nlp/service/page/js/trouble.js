// What went wrong, in the reader's language, with the server's own words beneath; and the key it asks for.

import { el, button, byId } from './base/dom.js';
import { Problem, useKey, wantsKey } from './base/api.js';
import { on, tell } from './base/events.js';
import { word, wordOr } from './base/words.js';
import { failuresElement } from './result/chooser.js';

let shown = null;

/** Follow problems; `retry` is what to do once there is a key. */
export function listen(retry) {
  on('problem', (error) => {
    shown = error;
    draw(retry);
  });
  on('empty', () => {
    shown = new Problem('empty');
    draw(retry);
  });
  on('language', () => draw(retry));
}

function draw(retry) {
  const locked = wantsKey(shown);
  drawKey(locked, retry);
  const place = byId('problem');
  place.replaceChildren(...(shown && !locked ? [problemElement(shown)] : []));
  if (shown) window.scrollTo(0, 0);
}

function problemElement(error) {
  const { slug, facts } = error instanceof Problem ? error : { slug: 'page', facts: { detail: String(error) } };
  const known = wordOr(`problem_${slug}`, facts.title || word('problem_strange'));
  return el(
    'div',
    { class: 'warning trouble' },
    el('h2', { text: known }),
    el('p', { text: wordOr(`problem_${slug}_advice`, word('problem_advice')) }),
    facts.wait ? el('p', { text: word('problem_wait', { n: facts.wait }) }) : null,
    facts.detail && !facts.failures ? el('p', { class: 'detail-text', lang: 'en', text: facts.detail }) : null,
    failuresElement(facts.failures ?? []),
    facts.request_id ? el('p', { class: 'hint', text: `${word('request_id')} ${facts.request_id}` }) : null,
    button('×', () => tell('problem', null), { class: 'icon', 'aria-label': word('close') }),
  );
}

function drawKey(wanted, retry) {
  const place = byId('key');
  place.hidden = !wanted;
  place.replaceChildren(...(wanted ? [keyForm(retry)] : []));
  if (wanted) byId('key-field').focus();
}

function keyForm(retry) {
  const field = el('input', { type: 'password', id: 'key-field', autocomplete: 'off', required: true, 'aria-describedby': 'key-title key-advice key-hint' });
  if (shown.slug === 'wrong-key') field.setAttribute('aria-invalid', 'true');
  const submit = (event) => {
    event.preventDefault();
    useKey(field.value.trim());
    shown = null;
    draw(retry);
    retry();
  };
  return el(
    'form',
    { class: 'warning key', on: { submit } },
    el('h2', { id: 'key-title', text: word(`problem_${shown.slug}`) }),
    el('p', { id: 'key-advice', text: word(`problem_${shown.slug}_advice`) }),
    el('label', { for: 'key-field', text: word('key_label') }),
    el('div', { class: 'row-of' }, field, el('button', { type: 'submit', class: 'main', text: word('key_use') })),
    el('p', { class: 'hint', id: 'key-hint', text: word('key_hint') }),
  );
}
