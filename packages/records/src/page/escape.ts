const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that are invisible or turn the direction of what follows: a name must not be able to disguise itself. */
const hidden = /(?![\t\n\r])[\p{Cc}\p{Bidi_Control}\u200b\u2028\u2029\ufeff]/gu;

/** Text for a text node: hidden and direction-changing characters are spelled out, `⟦U+202E⟧`. */
export function spellHidden(text: string): string {
  return text
    .toWellFormed()
    .replace(hidden, (character) => `⟦U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟧`);
}

/** Text for HTML content and quoted attributes, with what hides spelled out. */
export function escapeHtml(text: string): string {
  return spellHidden(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** An href to a file beside the page, or null. It can never become an absolute address or a script: every segment is encoded. */
export function relativeHref(path: string): string | null {
  const segments = path
    .toWellFormed()
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.');
  if (segments.length === 0 || segments.at(-1) === '..') return null;
  const encoded = segments.map((segment) => (segment === '..' ? '..' : encodeURIComponent(segment))).join('/');
  return segments[0] === '..' ? encoded : `./${encoded}`;
}

/** Escaped text with its line breaks kept. */
export function escapeLines(text: string): string {
  return escapeHtml(text).replace(/\r\n|\r|\n/g, '<br>');
}
