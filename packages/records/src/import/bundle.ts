import { RecordsError } from '../error.ts';
import type { ImportFinding } from '../finding.ts';
import { isJsonArray, isJsonObject, type JsonObject, parseJson } from '../json-text.ts';
import { chainResolvers, indexReferences, type ReferenceResolver } from '../reference.ts';
import { type DecodedText, decodeText } from '../text-bytes.ts';
import type { RandomBytes } from '../version.ts';
import { batchesOf, type RoutedBatch } from './batch.ts';
import { type Deleted, parsePart, type Reading, type Received, readEntry, readResource } from './received.ts';
import { type CountsByType, ImportReport, unknownType } from './report.ts';
import { type BundleSlices, checkGaps, cutError, type Span, sliceBundle } from './slice.ts';
import { type ReceivedGroup, versionsOf } from './versions.ts';

/** JavaScript holds no text longer than half a gigabyte. */
export const maxFileBytes = 256 * 1024 * 1024;

export interface ReadFhirOptions {
  /** Name of the file: `.ndjson` and `.jsonl` say how to read it. */
  readonly name: string;
  readonly random: RandomBytes;
  /** Records already in the vault, for references that leave the file. */
  readonly known?: ReferenceResolver;
  readonly maxBytes?: number;
}

export interface FhirFile {
  readonly name: string;
  /** Why nothing of the file is stored; `counts` then tells what had been read before. Null when it was read to its end. */
  readonly refusal: ImportFinding | null;
  readonly batches: readonly RoutedBatch[];
  readonly findings: readonly ImportFinding[];
  readonly counts: CountsByType;
  /** Records that came without any id, which a second import can only recognise by their content. */
  readonly assignedIds: ReadonlySet<string>;
}

const bundleKeys = new Set(['resourceType', 'id', 'meta', 'language', 'type', 'timestamp', 'total', 'link', 'entry']);

/** Reads a FHIR bundle, resource or NDJSON file. Never throws for what the bytes hold: it reports. */
export function readFhir(bytes: Uint8Array, options: ReadFhirOptions): FhirFile {
  const { name } = options;
  const report = new ImportReport();
  const { findings, counts } = report;
  const refused = (refusal: ImportFinding): FhirFile => ({
    name,
    refusal,
    batches: [],
    findings,
    counts,
    assignedIds: new Set(),
  });
  const maxBytes = Math.min(options.maxBytes ?? maxFileBytes, maxFileBytes);
  if (bytes.length > maxBytes)
    return refused(report.refuseFile('FILE_TOO_LARGE', { sizeBytes: bytes.length, maxBytes }));
  try {
    const reading = { report, random: options.random };
    const groups = readGroups(decodeText(bytes), name, reading);
    const received = groups.flatMap((group) => group.items).filter((item) => item.kind === 'resource');
    reportReusedUrls(received, report);
    const own = indexReferences(received);
    const routed = versionsOf(groups, reading, options.known === undefined ? own : chainResolvers(own, options.known));
    const assignedIds = new Set(received.filter((item) => item.idAssigned).map((item) => item.id));
    return { name, refusal: null, batches: batchesOf(routed), findings, counts, assignedIds };
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error;
    return refused(report.refuseFile(error.code, error.fields));
  }
}

function readGroups(decoded: DecodedText, name: string, reading: Reading): ReceivedGroup[] {
  const { text, cut } = decoded;
  if (decoded.hadByteOrderMark) reading.report.note('BYTE_ORDER_MARK', { line: null, entry: null });
  // What is left of a cut character keeps the last line from passing for whole.
  if (isLines(text, name)) return readLines(cut ? `${text}\ufffd` : text, reading);
  const slices = sliceBundle(text);
  const failure = cutError(slices);
  if (failure === null && !cut) return [readDocument(text, slices, { line: null, reading })];
  // Nothing of a cut file is stored: it is to be fetched again whole. What it held until there is still said.
  readEntries(text, slices.items, { line: null, reading });
  throw (
    failure ??
    new RecordsError('JSON_TRUNCATED', 'The text ends inside a character', { fields: { offset: text.length } })
  );
}

interface LineContext {
  readonly line: number | null;
  readonly reading: Reading;
}

/** One bundle or one resource. Throws RecordsError when the text is neither. */
function readDocument(text: string, slices: BundleSlices, context: LineContext): ReceivedGroup {
  const { line, reading } = context;
  const { report } = reading;
  const place = { line, entry: null };
  const header = slices.array === null ? null : headerOf(text, slices.array);
  if (slices.array !== null && header?.resourceType === 'Bundle') {
    checkGaps(text, slices.array, slices.items);
    const unknown = Object.keys(header).filter((key) => !bundleKeys.has(key));
    if (unknown.length > 0)
      report.note('ENVELOPE_NOT_KEPT', place, { type: 'Bundle', fields: { keys: unknown.length } });
    return { items: readEntries(text, slices.items, context), history: header.type === 'history' };
  }
  const resource = parsePart(text, place, report);
  // A search that found nothing is a bundle without entries.
  if (resource === null || (resource.resourceType === 'Bundle' && resource.entry === undefined))
    return { items: [], history: false };
  if (resource.resourceType === 'Bundle' && !isJsonArray(resource.entry)) {
    report.count('Bundle', 'read');
    report.refuse('NOT_A_RESOURCE', place, { type: 'Bundle' });
    return { items: [], history: false };
  }
  const item = readResource(resource, { place, fullUrl: null, writtenAt: null }, reading);
  return { items: item === null ? [] : [item], history: false };
}

function readEntries(text: string, spans: readonly Span[], { line, reading }: LineContext): (Received | Deleted)[] {
  return spans.flatMap((span, entry) => readEntry(text.slice(span.start, span.end), { line, entry }, reading) ?? []);
}

function headerOf(text: string, array: Span): JsonObject | null {
  const value = parseJson(`${text.slice(0, array.start)}[]${text.slice(array.end)}`);
  return isJsonObject(value) ? value : null;
}

/** A line that cannot be read is refused alone: each line of NDJSON stands for itself. */
function readLines(text: string, reading: Reading): ReceivedGroup[] {
  const groups: ReceivedGroup[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.trim() === '') continue;
    const line = index + 1;
    try {
      const slices = sliceBundle(raw);
      const failure = cutError(slices);
      if (failure !== null) throw failure;
      groups.push(readDocument(raw, slices, { line, reading }));
    } catch (error) {
      if (!(error instanceof RecordsError)) throw error;
      reading.report.count(unknownType, 'read');
      reading.report.refuse(error.code, { line, entry: null }, { fields: error.fields });
    }
  }
  return groups;
}

/** By name, or because the first line is a whole JSON object and something follows it. */
function isLines(text: string, name: string): boolean {
  if (/\.(ndjson|jsonl)$/i.test(name)) return true;
  const body = text.trimStart();
  const end = body.indexOf('\n');
  if (end === -1 || body.slice(end).trim() === '') return false;
  const first = body.slice(0, end).trim();
  if (!(first.startsWith('{') && first.endsWith('}'))) return false;
  try {
    parseJson(first);
    return true;
  } catch (error) {
    // Whole but odd: the line is then refused for its own fault, not the file.
    return error instanceof RecordsError && error.code === 'JSON_DUPLICATE_KEY';
  }
}

function reportReusedUrls(received: readonly Received[], report: ImportReport): void {
  const ids = new Map<string, string>();
  for (const { fullUrl, id, type, place } of received) {
    if (fullUrl === null) continue;
    const other = ids.get(fullUrl) ?? id;
    if (other !== id) report.warn('FULL_URL_REUSED', place, { type });
    ids.set(fullUrl, other);
  }
}
