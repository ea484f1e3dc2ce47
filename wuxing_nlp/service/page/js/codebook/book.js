// The codebook as the server gives it: which codes there are and what they are called.

import { current } from '../base/words.js';

const BOTH = '!-';

/** Entries, codes and names; codes are written as the codebook writes them (`J!-` for both stances). */
export class Book {
  /** @param {any} contents the answer of /v1/codebook */
  constructor(contents) {
    this.contents = contents;
    this.types = contents.types;
    this.problems = contents.problems;
    this.stances = contents.stances;
    /** @type {Map<string, any>} letter or code of an entry → the entry */
    this.entries = new Map();
    for (const type of this.types) {
      this.entries.set(type.letter, type);
      for (const measure of type.measures) this.entries.set(measure.code, measure);
    }
    for (const problem of this.problems) this.entries.set(problem.letter, problem);
    this.letters = [...this.types, ...this.problems].map((entry) => entry.letter);
    /** Base codes, in the codebook's order. */
    this.codes = [...this.types.flatMap(typeCodes), ...this.problems.flatMap((entry) => this.problemCodes(entry))];
  }

  /** The base codes of a problem, one a stance. */
  problemCodes(problem) {
    return this.stances.map((stance) => problem.letter + stance.mark);
  }

  /** Whether a letter or code is that of a problem. */
  isProblem(code) {
    return this.problems.some((problem) => problem.letter === code[0]);
  }

  /** The entry that says what a letter or code means: of Z0 its type, of P! its problem. */
  entry(code) {
    return this.entries.get(code) ?? this.entries.get(code[0]);
  }

  /** The code of an entry as the page writes it into addresses: `Z`, `Z1`, `P`. */
  key(code) {
    return this.entries.has(code) ? code : code[0];
  }

  /** Whether a text is a code as somebody writes it: a letter, a code, or both stances of a problem. */
  isCode(text) {
    return this.entries.has(text) || this.codes.includes(text) || (text.slice(1) === BOTH && this.isProblem(text));
  }

  /** Base codes of written ones: `J!-` is `J!` and `J-`. */
  base(codes) {
    return codes.flatMap((code) => (code.endsWith(BOTH) ? [code[0] + '!', code[0] + '-'] : [code]));
  }

  /** Written codes of base ones, sorted as the server sorts them. */
  written(codes) {
    const given = new Set(codes);
    for (const { letter } of this.problems) {
      if (given.has(letter + '!') && given.delete(letter + '-')) {
        given.delete(letter + '!');
        given.add(letter + BOTH);
      }
    }
    return [...given].sort();
  }

  /** The whole name of a letter or code in the page's language: 忠诚型·政治能力, fear · exists. */
  name(code) {
    const whole = title(this.entries.get(code[0]));
    const part = this.part(code);
    if (!part) return whole;
    return current() === 'en' ? `${whole} · ${part}` : `${whole}·${part}`;
  }

  /** What stands on a chip: the measure alone, but the problem with its stance. */
  short(code) {
    return this.isProblem(code) ? this.name(code) : this.part(code) || title(this.entries.get(code));
  }

  /** The part of a code within its letter: the measure, the whole, or the stance; "" of a letter. */
  part(code) {
    const mark = code.slice(1);
    if (!mark) return '';
    if (this.isProblem(code)) return this.stance(mark);
    return mark === '0' ? WHOLE[current()] : title(this.entries.get(code));
  }

  /** The name of a stance's mark; of both of them. */
  stance(mark) {
    const named = this.stances.filter((stance) => mark.includes(stance.mark));
    if (current() === 'en') return named.map((stance) => stance.id).join(' and ');
    return named.map((stance) => stance.name[current()] || stance.name.hans).join(AND[current()]);
  }
}

const WHOLE = { hans: '整体', hant: '整體', en: 'as a whole' };
const AND = { hans: '并', hant: '並' };

const typeCodes = (type) => [`${type.letter}0`, ...type.measures.map((measure) => measure.code)];

/**
 * The name of an entry in the page's language; in English the first words of its gloss.
 * @param {any} entry
 * @returns {string}
 */
export function title(entry) {
  if (current() === 'en') return entry.gloss.split(':')[0].replace(/ government$/, '');
  return entry.name[current()] || entry.name.hans;
}
