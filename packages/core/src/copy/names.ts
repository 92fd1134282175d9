import { CoreError } from '../error.ts';

/** What a name in a copy stands for (docs/format/copy.md, Names). Identifiers are lower-case hexadecimal. */
export type CopyName =
  | { readonly kind: 'marker' }
  | { readonly kind: 'format'; readonly edition: number; readonly file: string }
  | { readonly kind: 'checkpoint'; readonly practice: string; readonly fence: number; readonly size: number }
  | {
      readonly kind: 'tile' | 'index';
      readonly practice: string;
      readonly fence: number;
      readonly level: number;
      readonly number: number;
    }
  | {
      readonly kind: 'entries' | 'payload' | 'nodes';
      readonly practice: string;
      readonly fence: number;
      readonly number: number;
    }
  | {
      readonly kind: 'tail';
      readonly practice: string;
      readonly fence: number;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'blob'; readonly practice: string; readonly hash: string }
  | { readonly kind: 'draft'; readonly practice: string; readonly slot: string; readonly revision: number }
  | { readonly kind: 'host'; readonly sequence: number };

/** Entries in a bundle and hashes in a tile. */
export const bundleSize = 256;
/** Stream indexes of one level that the next level merges. */
export const indexFanOut = 16;
export const markerName = 'serment-copy';
export const markerText = 'serment-copy 1\n';

const maxFence = 99_999_999;
const numberPattern = '(?:x[0-9]{3}/)*[0-9]{3}';
const fencePrefix = '([0-9a-f]{64})/([0-9]{8})';
const patterns = {
  format: /^FORMAT\/(?:([1-9][0-9]{0,5})\/)?([A-Za-z0-9][A-Za-z0-9._-]{0,63})$/,
  checkpoint: new RegExp(`^${fencePrefix}/checkpoint/([0-9]{16})$`),
  entries: new RegExp(`^${fencePrefix}/tile/entries/(${numberPattern})$`),
  tile: new RegExp(`^${fencePrefix}/tile/(0|[1-9][0-9]?)/(${numberPattern})$`),
  payload: new RegExp(`^${fencePrefix}/(payload|nodes)/(${numberPattern})$`),
  index: new RegExp(`^${fencePrefix}/index/(0|[1-9][0-9]?)/(${numberPattern})$`),
  tail: new RegExp(`^${fencePrefix}/tail/([0-9]{16})-([0-9]{16})$`),
  blob: /^([0-9a-f]{64})\/blob\/([0-9a-f]{2})\/([0-9a-f]{64})$/,
  draft: /^([0-9a-f]{64})\/draft\/([0-9a-f]{32})\/([0-9]{16})$/,
  host: /^host\/([0-9]{16})$/,
};

/** The one way to write a name. Throws COPY_OBJECT_INVALID for numbers that the format has no name for. */
export function formatCopyName(name: CopyName): string {
  assertName(name);
  switch (name.kind) {
    case 'marker':
      return markerName;
    case 'format':
      return name.edition === 1 ? `FORMAT/${name.file}` : `FORMAT/${name.edition}/${name.file}`;
    case 'checkpoint':
      return `${fencePath(name.practice, name.fence)}/checkpoint/${digits(name.size, 16)}`;
    case 'tile':
    case 'index':
      return `${fencePath(name.practice, name.fence)}/${name.kind}/${name.level}/${formatNumber(name.number)}`;
    case 'entries':
      return `${fencePath(name.practice, name.fence)}/tile/entries/${formatNumber(name.number)}`;
    case 'payload':
    case 'nodes':
      return `${fencePath(name.practice, name.fence)}/${name.kind}/${formatNumber(name.number)}`;
    case 'tail':
      return `${fencePath(name.practice, name.fence)}/tail/${digits(name.from, 16)}-${digits(name.to, 16)}`;
    case 'blob':
      return `${name.practice}/blob/${name.hash.slice(0, 2)}/${name.hash}`;
    case 'draft':
      return `${name.practice}/draft/${name.slot}/${digits(name.revision, 16)}`;
    case 'host':
      return `host/${digits(name.sequence, 16)}`;
  }
}

/** Reads a name. Throws COPY_OBJECT_INVALID for any text that `formatCopyName` would not write. */
export function parseCopyName(text: string): CopyName {
  const name = readName(text);
  if (name === null || formatCopyName(name) !== text)
    throw new CoreError('COPY_OBJECT_INVALID', 'Not a name of a copy');
  return name;
}

/** The folder of one practice under one fence, without a slash at its end. */
export function fencePath(practice: string, fence: number): string {
  return `${practice}/${digits(fence, 8)}`;
}

/** A tile or bundle number in the C2SP tlog-tiles form: 1234067 is `x001/x234/067`. */
export function formatNumber(number: number): string {
  let text = digits(number % 1000, 3);
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000))
    text = `x${digits(rest % 1000, 3)}/${text}`;
  return text;
}

function readName(text: string): CopyName | null {
  if (text === markerName) return { kind: 'marker' };
  for (const read of [readObject, readNumbered, readOutsideJournal]) {
    const name = read(text);
    if (name !== null) return name;
  }
  return null;
}

function readObject(text: string): CopyName | null {
  let match = patterns.entries.exec(text);
  if (match) return { kind: 'entries', ...place(match), number: parseNumber(match[3]) };
  match = patterns.payload.exec(text);
  if (match)
    return { kind: match[3] === 'nodes' ? 'nodes' : 'payload', ...place(match), number: parseNumber(match[4]) };
  match = patterns.checkpoint.exec(text);
  if (match) return { kind: 'checkpoint', ...place(match), size: Number(match[3]) };
  match = patterns.tail.exec(text);
  if (match) return { kind: 'tail', ...place(match), from: Number(match[3]), to: Number(match[4]) };
  return null;
}

function readNumbered(text: string): CopyName | null {
  for (const kind of ['tile', 'index'] as const) {
    const match = patterns[kind].exec(text);
    if (match) return { kind, ...place(match), level: Number(match[3]), number: parseNumber(match[4]) };
  }
  return null;
}

function readOutsideJournal(text: string): CopyName | null {
  let match = patterns.blob.exec(text);
  if (match) return { kind: 'blob', practice: match[1] ?? '', hash: match[3] ?? '' };
  match = patterns.draft.exec(text);
  if (match) return { kind: 'draft', practice: match[1] ?? '', slot: match[2] ?? '', revision: Number(match[3]) };
  match = patterns.host.exec(text);
  if (match) return { kind: 'host', sequence: Number(match[1]) };
  match = patterns.format.exec(text);
  if (match) return { kind: 'format', edition: match[1] === undefined ? 1 : Number(match[1]), file: match[2] ?? '' };
  return null;
}

function place(match: RegExpExecArray): { practice: string; fence: number } {
  return { practice: match[1] ?? '', fence: Number(match[2]) };
}

function parseNumber(text = ''): number {
  return Number(text.replaceAll(/[x/]/g, ''));
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function assertName(name: CopyName): void {
  if (!isNameable(name))
    throw new CoreError('COPY_OBJECT_INVALID', 'No such name in a copy', { fields: { kind: name.kind } });
}

function isNameable(name: CopyName): boolean {
  if ('practice' in name && !/^[0-9a-f]{64}$/.test(name.practice)) return false;
  if ('fence' in name && !isCount(name.fence, 1, maxFence)) return false;
  switch (name.kind) {
    case 'marker':
      return true;
    case 'format':
      return (
        isCount(name.edition, 1, 999_999) &&
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name.file) &&
        !/^[0-9]+$/.test(name.file)
      );
    case 'checkpoint':
      return isCount(name.size, bundleSize) && name.size % bundleSize === 0;
    case 'tile':
      return isCovered(name.number, bundleSize ** (name.level + 1)) && isCount(name.level, 0, 6);
    case 'index':
      return isCovered(name.number, bundleSize * indexFanOut ** name.level) && isCount(name.level, 0, 11);
    case 'entries':
    case 'payload':
    case 'nodes':
      return isCovered(name.number, bundleSize);
    case 'tail':
      return isTailRange(name.from, name.to);
    case 'blob':
      return /^[0-9a-f]{64}$/.test(name.hash);
    case 'draft':
      return /^[0-9a-f]{32}$/.test(name.slot) && isCount(name.revision, 1);
    case 'host':
      return isCount(name.sequence, 1);
  }
}

/** True for a range that one tail may hold: not empty, and within one bundle. */
export function isTailRange(from: number, to: number): boolean {
  return (
    isCount(from, 0) &&
    isCount(to, 1) &&
    from < to &&
    Math.floor(from / bundleSize) === Math.floor((to - 1) / bundleSize)
  );
}

function isCovered(number: number, entriesEach: number): boolean {
  return isCount(number, 0) && Number.isSafeInteger((number + 1) * entriesEach);
}

function isCount(value: number, least: number, most = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}
