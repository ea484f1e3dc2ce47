// The server counts Unicode code points, JavaScript counts UTF-16 halves.

/**
 * How to cut a text by code points.
 * @param {string} text
 * @returns {(start: number, end: number) => string} the text between two offsets in code points
 */
export function cutter(text) {
  // Without halves of pairs both count alike, and nearly every text is so.
  if (!/[\ud800-\udfff]/.test(text)) return (start, end) => text.slice(start, end);
  const places = [];
  let at = 0;
  for (const character of text) {
    places.push(at);
    at += character.length;
  }
  places.push(at);
  return (start, end) => text.slice(places[start], places[end]);
}

/**
 * The number of code points of a text.
 * @param {string} text
 * @returns {number}
 */
export function codePoints(text) {
  const pairs = text.match(/[\ud800-\udbff][\udc00-\udfff]/g);
  return text.length - (pairs ? pairs.length : 0);
}
