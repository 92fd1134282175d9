/** What an operator of the host can do to a practice, as an `operator` entry names it (docs/format/journal.md). */
export const operatorActions = [
  'verify-copy',
  'close-sessions',
  'run-drill',
  'suspend',
  'resume',
  'retire-copy',
  'return-copy',
  'add-copy',
] as const;
export type OperatorAction = (typeof operatorActions)[number];

/** What the detail of such an entry says. */
export interface OperatorDetail {
  /** The operator's name, as the host gave it. */
  readonly operator: string;
  /** What the act was about, such as the name of a copy; null when it was about the whole practice. */
  readonly subject: string | null;
  /** Where a copy is that was added; null for any other act. */
  readonly place: string | null;
}

const operatorNamePattern = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} .'’-]{0,62}[\p{L}\p{M}\p{N}.])?$/u;
/** An entry's text holds 256 bytes: room for the longest name, four bytes a character at worst. */
const maxNameBytes = 128;
const maxDetailBytes = 256;
const leastPlaceBytes = 64;

/** True for what may name an operator: letters, digits, and what stands between them in a name. */
export function isOperatorName(text: string): boolean {
  return operatorNamePattern.test(text) && sizeOf(text) <= maxNameBytes;
}

/** Detail of an act: the name, and a line each for what it is about and where that is, cut where an entry holds no more. */
export function encodeOperatorDetail({ operator, subject, place }: OperatorDetail): string {
  if (subject === null) return operator;
  // However long the name of a copy is, it hides from nobody where the copy is.
  const keptBytes = place === null ? 0 : Math.min(leastPlaceBytes, sizeOf(place)) + 1;
  const about = cutTo(maxDetailBytes - keptBytes, `${operator}\n`, subject);
  return place === null ? about : cutTo(maxDetailBytes, `${about}\n`, place);
}

/** Reads any detail: a text of another host's making is all name. */
export function parseOperatorDetail(detail: string): OperatorDetail {
  const [operator = '', subject = null, ...rest] = detail.split('\n');
  return { operator, subject, place: rest.length === 0 ? null : rest.join('\n') };
}

/** As much of the text after what begins it as these bytes hold, on one line. */
function cutTo(maxBytes: number, start: string, text: string): string {
  let cut = start;
  for (const character of text.replaceAll(/\p{Cc}/gu, ' ')) {
    if (sizeOf(cut + character) > maxBytes) break;
    cut += character;
  }
  return cut;
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
