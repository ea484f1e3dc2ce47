// The table of units: the columns of `units.csv` as `wuxing classify` writes it.

import { cutter } from '../text/offsets.js';

/**
 * Columns and rows of all units of some documents.
 * @param {any[]} documents
 * @param {import('../codebook/book.js').Book} book
 * @returns {(string|number|null)[][]} the names of the columns first
 */
export function unitRows(documents, book) {
  const labels = [...book.letters, ...book.codes];
  const names = labels.map((label) => columnName(label, book));
  const head = ['document', 'unit', 'start', 'end', 'kind', 'status', 'text', 'codes', 'evidence'];
  const rows = documents.flatMap((document) => documentRows(document, labels, book));
  return [[...head, ...names, ...names.map((name) => `p_${name}`)], ...rows];
}

/** R turns the signs of both stances into the same dot: `P!` is `P_exists`. */
function columnName(label, book) {
  const stance = book.stances.find(({ mark }) => mark === label.slice(1));
  return stance ? `${label[0]}_${stance.id}` : label;
}

function documentRows(document, labels, book) {
  const cut = cutter(document.text);
  return document.units.map((unit, at) => {
    const given = new Set([...unit.labels, ...book.base(unit.codes)]);
    const place = [document.document, at + 1, unit.start, unit.end, unit.kind, unit.status];
    const said = [unit.text, unit.codes.join(',') || '0', evidence(unit, cut)];
    const flags = labels.map((label) => (given.has(label) ? 1 : 0));
    return [...place, ...said, ...flags, ...labels.map((label) => unit.probabilities?.[label] ?? null)];
  });
}

function evidence(unit, cut) {
  const spans = unit.tags.flatMap((tag) => tag.evidence);
  return [...new Set(spans.map(({ start, end }) => cut(start, end)))].join(' | ');
}
