/**
 * Plain text as FHIR narrative and back, character for character. The text stands once, as escaped XHTML in a fixed frame;
 * what XML 1.0 cannot hold (control characters, lone surrogates) becomes a titled span that any browser shows as U+FFFD.
 */
const opening = '<div xmlns="http://www.w3.org/1999/xhtml"><p style="white-space: pre-wrap">';
const closing = '</p></div>';

// A carriage return would be turned into a line feed by any XML reader: it is written as a reference.
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
const unescapes = new Map(Object.entries(escapes).map(([character, written]) => [written, character]));
const forbidden = '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff]|\\p{Cs}';
const escaped = new RegExp(`[&<>\\r]|${forbidden}`, 'gu');
const written = /&(?:amp|lt|gt|#13);|<span title="U\+([0-9A-F]{4})">\ufffd<\/span>/g;

export function textToDiv(text: string): string {
  return opening + text.replace(escaped, (character) => escapes[character] ?? spanOf(character)) + closing;
}

/** The text that `textToDiv` was given, or null for a div it did not write. */
export function divToText(div: string): string | null {
  if (!(div.startsWith(opening) && div.endsWith(closing)) || div.length < opening.length + closing.length) return null;
  const inner = div.slice(opening.length, div.length - closing.length);
  const text = inner.replace(written, (match, hex: string | undefined) =>
    hex === undefined ? (unescapes.get(match) ?? match) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  // Anything else than what textToDiv writes is somebody else's narrative, to be shown and not edited.
  return textToDiv(text) === div ? text : null;
}

function spanOf(character: string): string {
  return `<span title="U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}">\ufffd</span>`;
}
