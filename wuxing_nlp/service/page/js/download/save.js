// Files that the page writes; they never leave the browser.

/**
 * Let the browser save a file.
 * @param {string} name
 * @param {string} type its media type
 * @param {string[]} parts its text
 */
export function save(name, type, parts) {
  const url = URL.createObjectURL(new Blob(parts, { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers begin to read only after the click has ended.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
