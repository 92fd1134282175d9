/** What an operator of the host can do to a practice, as an `operator` entry names it (docs/format/journal.md). */
export const operatorActions = [
  'verify-copy',
  'close-sessions',
  'run-drill',
  'suspend',
  'resume',
  'retire-copy',
  'return-copy',
] as const;
export type OperatorAction = (typeof operatorActions)[number];

/** What the detail of such an entry says. */
export interface OperatorDetail {
  /** The operator's name, as the host gave it. */
  readonly operator: string;
  /** What the act was about, such as the name of a copy; null when it was about the whole practice. */
  readonly subject: string | null;
}

const operatorNamePattern = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} .'’-]{0,62}[\p{L}\p{M}\p{N}.])?$/u;
/** An entry's text holds 256 bytes: room for the longest name, four bytes a character at worst. */
const maxNameBytes = 128;
const maxDetailBytes = 256;

/** True for what may name an operator: letters, digits, and what stands between them in a name. */
export function isOperatorName(text: string): boolean {
  return operatorNamePattern.test(text) && sizeOf(text) <= maxNameBytes;
}

/** Detail of an act: the name, and after a line feed what it is about, cut where an entry holds no more. */
export function encodeOperatorDetail({ operator, subject }: OperatorDetail): string {
  if (subject === null) return operator;
  let detail = `${operator}\n`;
  for (const character of subject.replaceAll(/\p{Cc}/gu, ' ')) {
    if (sizeOf(detail + character) > maxDetailBytes) break;
    detail += character;
  }
  return detail;
}

/** Reads any detail: a text of another host's making is all name. */
export function parseOperatorDetail(detail: string): OperatorDetail {
  const place = detail.indexOf('\n');
  if (place < 0) return { operator: detail, subject: null };
  return { operator: detail.slice(0, place), subject: detail.slice(place + 1) };
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
