// Which view is shown: the address says it, so that the browser's way back works.

import { byId } from './base/dom.js';
import { on } from './base/events.js';
import { showEntry } from './codebook/view.js';

const VIEWS = ['tag', 'codebook', 'corrections', 'model'];
const scrolled = new Map();
let current = 'tag';

/** Show the view of the address, now and when it changes. */
export function listen() {
  window.addEventListener('hashchange', follow);
  on('codebook', follow);
  on('answer', () => {
    if (current !== 'tag') window.location.hash = '#tag';
  });
  document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    byId('main').focus();
  });
  window.addEventListener('scroll', () => scrolled.set(current, window.scrollY), { passive: true });
  follow();
}

function follow() {
  const [name, code] = written(window.location.hash.slice(1)).split('/');
  const wanted = VIEWS.includes(name) ? name : 'tag';
  if (wanted !== current) change(wanted);
  mark();
  if (wanted === 'codebook' && code) showEntry(code);
}

/** What an address says; anybody may have written it. */
function written(hash) {
  try {
    return decodeURIComponent(hash);
  } catch {
    return '';
  }
}

function change(wanted) {
  const place = scrolled.get(wanted) ?? 0;
  current = wanted;
  for (const name of VIEWS) byId(`view-${name}`).hidden = name !== wanted;
  // Back at a long text, the reader goes on where it was left.
  window.scrollTo(0, wanted === 'tag' ? place : 0);
}

function mark() {
  for (const link of document.querySelectorAll('[data-view]')) {
    if (link.dataset.view === current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}
