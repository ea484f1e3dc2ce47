// The page begins here.

import { about } from './about.js';
import { byId } from './base/dom.js';
import { on, tell } from './base/events.js';
import { choose, start } from './base/words.js';
import { listen as listenCodebook } from './codebook/view.js';
import { listen as listenCorrections } from './corrections/view.js';
import { drawForm } from './input/form.js';
import { listen as listenWaiting } from './input/waiting.js';
import { listen as listenModel } from './model.js';
import { listen as listenResult } from './result/view.js';
import { state } from './state.js';
import { listen as listenTrouble } from './trouble.js';
import { listen as listenViews } from './views.js';

/** Ask the server about itself; what goes wrong is shown. */
const load = () => about().catch((error) => tell('problem', error));

/** Once there is a key: what was missing, then what was refused. */
async function retry() {
  await load();
  if (state.book) tell('again');
}

await start();
listenTrouble(retry);
listenWaiting();
listenResult();
listenCodebook();
listenCorrections();
listenModel();
listenViews();
for (const element of document.querySelectorAll('[data-language]')) {
  element.addEventListener('click', () => choose(element.dataset.language));
}
on('language', () => drawForm(byId('input')));
drawForm(byId('input'));
await load();
document.documentElement.dataset.ready = 'true';
