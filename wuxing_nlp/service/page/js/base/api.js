// The HTTP API as promises; what goes wrong is a Problem.

import { session } from './storage.js';

const key = session('key');
/** Whether the last key that was given can stand in no header, so that it is not sent. */
let unusable = false;

/** What went wrong: `slug` names it, the rest is the server's. */
export class Problem extends Error {
  /**
   * @param {string} slug last part of the problem's type, or `network`, `strange` or `wrong-key`
   * @param {{title?: string, status?: number, detail?: string, request_id?: string, failures?: any[], wait?: string|null}} [facts]
   */
  constructor(slug, facts = {}) {
    super(facts.detail ?? facts.title ?? slug);
    this.slug = slug;
    this.facts = facts;
  }
}

/**
 * Keep the key that every request is to carry, until the window is closed.
 * @param {string} text
 */
export function useKey(text) {
  unusable = !/^[\x21-\x7e]+$/.test(text);
  if (unusable) key.clear();
  else key.set(text);
}

/**
 * Whether what went wrong is that a key is missing or wrong.
 * @param {any} error
 */
export const wantsKey = (error) => error instanceof Problem && ['no-key', 'wrong-key'].includes(error.slug);

/**
 * Ask for JSON of the server, relative to the page.
 * @param {string} path such as `v1/codebook`
 * @param {RequestInit} [options]
 * @returns {Promise<any>} the answer; rejects with a Problem, or with an AbortError
 */
export async function ask(path, options = {}) {
  const headers = new Headers(options.headers);
  const known = key.get('');
  if (known) headers.set('Authorization', `Bearer ${known}`);
  const response = await sent(new URL(path, document.baseURI), { ...options, headers });
  const body = await response.json().catch((error) => {
    if (error.name === 'AbortError') throw error;
    return null;
  });
  if (response.ok && body) return body;
  throw problemOf(response, body, Boolean(known) || unusable);
}

async function sent(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (/** @type {Error} */ (error).name === 'AbortError') throw error;
    throw new Problem('network', { detail: String(error) });
  }
}

function problemOf(response, body, keyed) {
  const [, slug = 'strange'] = /^urn:wuxing:problem:([a-z-]+)$/.exec(body?.type ?? '') ?? [];
  const facts = { status: response.status, wait: response.headers.get('Retry-After'), ...body };
  // The server has one answer to no key and to a wrong one; only the page knows which it was.
  return new Problem(slug === 'no-key' && keyed ? 'wrong-key' : slug, facts);
}

/**
 * Tag a text.
 * @param {string} text
 * @param {{prefer: string, minProbability: number}} options
 * @param {AbortSignal} signal
 */
export function tagText(text, options, signal) {
  const asked = { text, probabilities: true, prefer: options.prefer, min_probability: options.minProbability };
  const headers = { 'Content-Type': 'application/json' };
  return ask('v1/tag', { method: 'POST', headers, body: JSON.stringify(asked), signal });
}

/**
 * Read and tag files.
 * @param {File[]} files
 * @param {{prefer: string, minProbability: number}} options
 * @param {AbortSignal} signal
 */
export function tagFiles(files, options, signal) {
  const form = new FormData();
  for (const file of files) form.append('file', file, file.name);
  const query = new URLSearchParams({
    probabilities: 'true',
    prefer: options.prefer,
    min_probability: String(options.minProbability),
  });
  return ask(`v1/documents?${query}`, { method: 'POST', body: form, signal });
}
