// The tagged text as a document that can be read.

import { el } from '../base/dom.js';
import { cutter } from '../text/offsets.js';
import { unitElement } from './unit.js';

const NUMBERED = /^[（(第]?[一二三四五六七八九十百零〇\d]/;

/**
 * The lines of a document, each with its units.
 * @param {any} document with `text`, `units`, perhaps `metadata`
 * @returns {DocumentFragment}
 */
export function lines(document) {
  const fragment = new DocumentFragment();
  const cut = cutter(document.text);
  for (const line of groups(document.units, cut)) fragment.append(lineElement(line, document, cut));
  return fragment;
}

/** The units line by line, each with the white space before it and its place. */
function groups(units, cut) {
  const result = [];
  let done = 0;
  units.forEach((unit, at) => {
    const gap = cut(done, unit.start);
    if (at === 0 || /[\n\u2028\u2029\u0085\v\f]/.test(gap)) result.push([{ unit, at, gap: '' }]);
    else result.at(-1).push({ unit, at, gap });
    done = unit.end;
  });
  return result;
}

function lineElement(line, document, cut) {
  const [{ unit }] = line;
  const heading = line.length === 1 && unit.kind === 'heading';
  const kind = heading ? `line head${isTitle(line[0], document) ? ' title' : ''}` : 'line';
  const element = el(heading ? 'h3' : 'p', { class: kind });
  if (line.every((part) => part.unit.kind === 'furniture')) element.classList.add('aside');
  for (const part of line) element.append(part.gap, unitElement(part.unit, part.at, cut));
  return element;
}

/** A line of the title: what the metadata say, or a first line without a number. */
function isTitle({ unit, at }, document) {
  const said = document.metadata?.title;
  return said ? at < 4 && said.includes(unit.text) : at === 0 && !NUMBERED.test(unit.text);
}
