// The files that are to be tagged.

import { el, button } from '../base/dom.js';
import { tell } from '../base/events.js';
import { number, word } from '../base/words.js';

/** @type {File[]} */
let files = [];

/** The files, in the order of their choice. */
export const chosen = () => files;

/**
 * Take further files; one of the same name takes the other's place.
 * @param {Iterable<File>} more
 */
export function addFiles(more) {
  const byName = new Map(files.map((file) => [file.name, file]));
  for (const file of more) byName.set(file.name, file);
  files = [...byName.values()];
  redraw();
}

/** Take no file any more. */
export function clearFiles() {
  files = [];
  redraw();
}

/**
 * A list of the files, each with a button that takes it away.
 * @returns {HTMLElement}
 */
export function fileList() {
  const list = el('ul', { class: 'file-list', id: 'chosen', hidden: files.length === 0 });
  list.append(...files.map(line));
  return list;
}

function line(file) {
  const label = word('file_remove', { name: file.name });
  return el(
    'li',
    {},
    el('span', { class: 'file-name', text: file.name }),
    el('span', { class: 'file-size', text: size(file.size) }),
    button('×', () => remove(file), { class: 'icon', 'aria-label': label }),
  );
}

function remove(file) {
  files = files.filter((other) => other !== file);
  redraw();
  document.getElementById('files')?.focus();
}

function redraw() {
  document.getElementById('chosen')?.replaceWith(fileList());
  tell('files');
}

const size = (bytes) =>
  bytes < 1e6 ? `${number(Math.ceil(bytes / 1e3))} KB` : `${number(Math.round(bytes / 1e5) / 10)} MB`;

/**
 * Let files be dropped on an element.
 * @param {HTMLElement} element
 */
export function drop(element) {
  const mark = (event, over) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    element.classList.toggle('dragged', over);
  };
  element.addEventListener('dragover', (event) => mark(event, true));
  element.addEventListener('dragleave', (event) => mark(event, false));
  element.addEventListener('drop', (event) => {
    mark(event, false);
    if (event.dataTransfer?.files.length) addFiles(event.dataTransfer.files);
  });
}
