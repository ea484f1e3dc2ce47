// What a browser remembers; where it refuses (private windows, full), the page forgets and goes on.

/**
 * A value kept under a name, as JSON.
 * @param {() => Storage} storage asked late, for asking may already be refused
 * @param {string} name
 * @returns {{get: (fallback: any) => any, set: (value: any) => boolean, clear: () => void}}
 */
function kept(storage, name) {
  const key = `wuxing.${name}`;
  return {
    get(fallback) {
      try {
        const text = storage().getItem(key);
        return text === null ? fallback : JSON.parse(text);
      } catch {
        return fallback;
      }
    },
    set(value) {
      try {
        storage().setItem(key, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
    clear() {
      try {
        storage().removeItem(key);
      } catch {
        // Nothing is kept where nothing may be kept.
      }
    },
  };
}

/**
 * Kept in this browser until it is cleared.
 * @param {string} name
 */
export const local = (name) => kept(() => window.localStorage, name);

/**
 * Kept until the window is closed.
 * @param {string} name
 */
export const session = (name) => kept(() => window.sessionStorage, name);
