// CSV (RFC 4180) in UTF-8 for spreadsheets: a cell that one would run is none.

/** Excel reads a CSV as UTF-8 only where it begins with this mark. */
export const BOM = '\ufeff';

const UNSEEN = '[\\x00-\\x20\\x7f-\\xa0\\u1680\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff]*';
const LIVE = new RegExp(`^(?:[\\t\\n\\r]|${UNSEEN}[=+\\-@＝＋－＠])`);
const HARMLESS = /^(?: *[+\-＋－]?[0-9][0-9.,]*%? *|-+|－+)$/;

/**
 * Text that no spreadsheet takes for a formula: where it begins like one, and is more than a number or
 * a dash, it gets an apostrophe. The same rule as in the tables of `wuxing classify`.
 * @param {string} text
 * @returns {string}
 */
export const safe = (text) => (LIVE.test(text) && !HARMLESS.test(text) ? `'${text}` : text);

/**
 * A line of cells. Where a semicolon or a tab stands in one it is quoted too, for some spreadsheets part
 * cells there.
 * @param {(string|number|null)[]} cells null for an empty one
 * @returns {string}
 */
export function csvLine(cells) {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = safe(value);
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
