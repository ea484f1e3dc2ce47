// Which units a filter means: pure functions of units.

/**
 * Whether a filter means a unit.
 * @param {any} unit
 * @param {string} filter a letter, a base code, `abstained` or `corrected`
 * @param {import('../codebook/book.js').Book} book
 * @param {(text: string) => any} correctionOf
 * @returns {boolean}
 */
export function matches(unit, filter, book, correctionOf) {
  if (unit.kind === 'furniture') return false;
  if (filter === 'abstained') return unit.status === 'abstained';
  if (filter === 'corrected') return Boolean(correctionOf(unit.text));
  return filter.length === 1 ? unit.labels.includes(filter) : book.base(unit.codes).includes(filter);
}

/**
 * Spans brought together where they touch, in order.
 * @param {{start: number, end: number}[]} spans
 * @returns {{start: number, end: number}[]}
 */
export function merged(spans) {
  const result = [];
  for (const span of [...spans].sort((one, other) => one.start - other.start)) {
    const last = result.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else result.push({ start: span.start, end: span.end });
  }
  return result;
}

/**
 * The base codes that a unit without labels came nearest to, likeliest first.
 * @param {any} unit
 * @param {import('../codebook/book.js').Book} book
 * @returns {{code: string, probability: number}[]}
 */
export function nearest(unit, book) {
  const known = unit.probabilities ?? {};
  return book.codes
    .map((code) => ({ code, probability: known[code] ?? 0 }))
    .filter(({ probability }) => probability >= 0.03)
    .sort((one, other) => other.probability - one.probability)
    .slice(0, 3);
}
