import { parseCda } from './cda.ts';
import { parseHprim } from './hprim.ts';
import { fieldText, type ReceivedFinding, type ReceivedReport } from './report.ts';

/** One thing that a file brought: its bytes, kept as they are, and what was understood of them. */
export interface ReceivedPart {
  readonly start: number;
  readonly end: number;
  /** By its first bytes, whatever the file is called. */
  readonly mediaType: string;
  readonly report: ReceivedReport | null;
  readonly findings: readonly ReceivedFinding[];
}

/** Larger files are kept and not looked into. */
export const maxReadBytes = 16 * 1024 * 1024;

const signatures: readonly (readonly [mediaType: string, bytes: readonly number[]])[] = [
  ['application/pdf', [0x25, 0x50, 0x44, 0x46]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
];

/** What a file brings, at least one part for any bytes: what is not understood is kept whole. Never throws. */
export function readReceivedFile(bytes: Uint8Array): readonly ReceivedPart[] {
  const whole = { start: 0, end: bytes.length };
  const signed = signatures.find(([, mark]) => mark.every((byte, place) => bytes[place] === byte));
  if (signed !== undefined) return [{ ...whole, mediaType: signed[0], report: null, findings: [] }];
  const isText = !bytes.subarray(0, 4_096).includes(0) || (bytes[0] === 0xff && bytes[1] === 0xfe);
  const plain = isText ? 'text/plain' : 'application/octet-stream';
  if (bytes.length > maxReadBytes)
    return [{ ...whole, mediaType: plain, report: null, findings: [{ code: 'FILE_LARGE', count: 1 }] }];
  const cda = parseCda(bytes);
  if (cda !== null && 'report' in cda) return [{ ...whole, mediaType: 'application/xml', ...told(cda.report) }];
  if (cda !== null)
    return [{ ...whole, mediaType: 'text/plain', report: null, findings: [{ code: cda.problem, count: 1 }] }];
  const hprim = parseHprim(bytes);
  if (hprim === null) return [{ ...whole, mediaType: plain, report: null, findings: [] }];
  return hprim.map(({ start, end, report }) => ({ start, end, mediaType: 'text/plain', ...told(report) }));
}

/** A file's name without its folders, as a line of text. */
export function receivedName(name: string): string {
  return fieldText(name.split(/[\\/]/).at(-1) ?? '').slice(0, 200);
}

function told(report: ReceivedReport): Pick<ReceivedPart, 'report' | 'findings'> {
  return { report, findings: report.findings };
}
