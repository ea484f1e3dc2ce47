// The whole answer as a table, and as the records that it is.

import { state } from '../state.js';
import { BOM, csvLine } from './csv.js';
import { save } from './save.js';
import { unitRows } from './units.js';

/** All units of all documents, one a row. */
export function saveCsv() {
  const rows = unitRows(state.answer.documents, state.book);
  save('wuxing-units.csv', 'text/csv', [BOM, ...rows.map(csvLine)]);
}

/** All documents, one a line: the fields of `results.jsonl` as `wuxing classify` writes it, and the text. */
export function saveJsonl() {
  save('wuxing-results.jsonl', 'application/x-ndjson', state.answer.documents.map(line));
}

function line({ pasted, ...document }) {
  const { model, prefer } = state.answer;
  return `${JSON.stringify({ ...document, model, prefer })}\n`;
}
