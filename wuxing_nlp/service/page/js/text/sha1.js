// SHA-1 (FIPS 180-4): the corpus knows a text by it. Written out, for browsers have it ready-made only
// on https and localhost.

/**
 * SHA-1 of a text in UTF-8, 40 hexadecimal digits.
 * @param {string} text
 * @returns {string}
 */
export function sha1(text) {
  const words = padded(new TextEncoder().encode(text));
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let at = 0; at < words.length; at += 16) mix(state, words.subarray(at, at + 16));
  return state.map((value) => (value >>> 0).toString(16).padStart(8, '0')).join('');
}

function padded(bytes) {
  const blocks = Math.ceil((bytes.length + 9) / 64);
  const view = new DataView(new ArrayBuffer(blocks * 64));
  bytes.forEach((byte, at) => view.setUint8(at, byte));
  view.setUint8(bytes.length, 0x80);
  view.setBigUint64(blocks * 64 - 8, BigInt(bytes.length) * 8n);
  return Uint32Array.from({ length: blocks * 16 }, (_, at) => view.getUint32(at * 4));
}

const turn = (value, by) => (value << by) | (value >>> (32 - by));

function mix(state, block) {
  const schedule = [...block];
  for (let at = 16; at < 80; at += 1) {
    schedule.push(turn(schedule[at - 3] ^ schedule[at - 8] ^ schedule[at - 14] ^ schedule[at - 16], 1));
  }
  let [a, b, c, d, e] = state;
  schedule.forEach((word, at) => {
    const [chosen, constant] = round(Math.floor(at / 20), b, c, d);
    [a, b, c, d, e] = [(turn(a, 5) + chosen + e + constant + word) | 0, a, turn(b, 30), c, d];
  });
  [a, b, c, d, e].forEach((value, at) => {
    state[at] = (state[at] + value) | 0;
  });
}

function round(number, b, c, d) {
  if (number === 0) return [(b & c) | (~b & d), 0x5a827999];
  if (number === 1) return [b ^ c ^ d, 0x6ed9eba1];
  if (number === 2) return [(b & c) | (b & d) | (c & d), 0x8f1bbcdc];
  return [b ^ c ^ d, 0xca62c1d6];
}
