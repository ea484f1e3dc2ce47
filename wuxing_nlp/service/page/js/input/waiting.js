// A request that runs, and the button that ends it.

import { el, button, byId } from '../base/dom.js';
import { on, tell } from '../base/events.js';
import { about } from '../about.js';
import { tagFiles, tagText, wantsKey } from '../base/api.js';
import { word } from '../base/words.js';
import { sha1 } from '../text/sha1.js';
import { setAnswer } from '../state.js';

/** @type {AbortController|null} */
let running = null;
let last = null;
/** Whether the last order only wanted a key. */
let refused = false;

/** Send what is submitted. */
export function listen() {
  on('submit', send);
  on('again', () => refused && send(last));
  on('language', () => running && draw());
}

async function send(order) {
  running?.abort();
  last = order;
  refused = false;
  const mine = new AbortController();
  running = mine;
  tell('problem', null);
  draw();
  try {
    const answer = await answerTo(order, mine.signal);
    if (running === mine) finish(() => setAnswer(answer));
  } catch (error) {
    if (running !== mine) return;
    refused = wantsKey(error);
    finish(() => tell('problem', error));
  }
}

async function answerTo({ text, files, options }, signal) {
  await about();
  if (files) return tagFiles(files, options, signal);
  const answer = await tagText(text, options, signal);
  const pasted = { document: `pasted-${sha1(text).slice(0, 8)}`, pasted: true, text };
  const documents = answer.documents.map((document) => ({ ...pasted, ...document }));
  return { ...answer, documents, failures: [], notices: [] };
}

function finish(act) {
  running = null;
  byId('waiting').hidden = true;
  byId('input').inert = false;
  act();
}

function draw() {
  const place = byId('waiting');
  const abort = button(word('abort'), stop, { class: 'plain' });
  place.replaceChildren(
    el('span', { class: 'spinner', 'aria-hidden': 'true' }),
    el('p', { text: word(last.files ? 'waiting_files' : 'waiting_text', { n: last.files?.length ?? 0 }) }),
    abort,
  );
  place.hidden = false;
  byId('input').inert = true;
  abort.focus();
  byId('status').textContent = word('waiting_status');
}

function stop() {
  running?.abort();
  finish(() => {
    byId('status').textContent = word('aborted');
    document.getElementById('text')?.focus();
  });
}
