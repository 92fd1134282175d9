/** What a PDF can do by itself, or by a press, beside showing its pages. */
export type ActivePart =
  | 'script'
  | 'form-sending'
  | 'form-program'
  | 'link'
  | 'other-file'
  | 'sound'
  | 'program'
  | 'attachment';

/** Names of ISO 32000-2 that begin an action, or hold what one runs (12.6.4, 12.7.8, 7.11.4, 13). */
export const activeNames: ReadonlyMap<string, ActivePart> = new Map([
  ['JavaScript', 'script'],
  ['JS', 'script'],
  ['SubmitForm', 'form-sending'],
  ['ImportData', 'form-sending'],
  ['XFA', 'form-program'],
  ['URI', 'link'],
  ['GoToR', 'other-file'],
  ['GoToE', 'other-file'],
  ['FFilter', 'other-file'],
  ['Rendition', 'sound'],
  ['Movie', 'sound'],
  ['Sound', 'sound'],
  ['Launch', 'program'],
  ['RichMedia', 'program'],
  ['RichMediaContent', 'program'],
  ['RichMediaExecute', 'program'],
  ['GoTo3DView', 'program'],
  ['3D', 'program'],
  ['EmbeddedFile', 'attachment'],
  ['EmbeddedFiles', 'attachment'],
  ['FileAttachment', 'attachment'],
  ['EF', 'attachment'],
]);

/** A name as it is meant: `J#61vaScript` is `JavaScript` (ISO 32000-2, 7.3.5). */
export function decodeName(written: string): string {
  return written.replace(/#([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** What ends a name or a word. */
export function isDelimiter(byte: number): boolean {
  return delimiters[byte] === 1;
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0;
}

const delimiters = new Uint8Array(256);
for (const character of '\0\t\n\f\r ()<>[]{}/%') delimiters[character.charCodeAt(0)] = 1;
