import { bytesToHex, compareBytes, equalBytes } from '@serment/core/bytes';
import { isSigned } from './fhir/note.ts';
import type { DocumentKey, RecordBatch, RecordVersion } from './version.ts';

/** A batch as its journal entry brought it. */
export interface WrittenBatch {
  readonly index: number;
  readonly entryId: Uint8Array;
  readonly author: Uint8Array;
  /** The host's clock, ms. */
  readonly receivedAt: number;
  /** The author's clock, ms, for display only. */
  readonly time: number;
  readonly batch: RecordBatch;
}

export interface FoldedVersion extends RecordVersion {
  readonly index: number;
  /** Place among the versions of its entry. */
  readonly position: number;
  readonly entryId: Uint8Array;
  readonly author: Uint8Array;
  readonly receivedAt: number;
  readonly time: number;
}

export interface RecordState {
  readonly id: string;
  /** Never empty; several stand side by side until a person chooses. */
  readonly current: readonly FoldedVersion[];
  /** Every version known, by entry and place. */
  readonly history: readonly FoldedVersion[];
}

interface DocumentClaim {
  readonly index: number;
  readonly document: DocumentKey;
}

export interface StreamState {
  readonly records: Map<string, RecordState>;
  /** By hexadecimal blob id. */
  readonly documents: Map<string, DocumentKey>;
  /** Every distinct key seen for a blob id, lowest entry first; more than one is a finding. */
  readonly documentClaims: Map<string, readonly DocumentClaim[]>;
}

export type FoldFinding =
  | {
      readonly code: 'VERSION_REUSED';
      readonly id: string;
      readonly version: string;
      readonly indexes: readonly number[];
    }
  | {
      readonly code: 'REPLACES_LATER';
      readonly id: string;
      readonly version: string;
      readonly indexes: readonly number[];
    }
  | { readonly code: 'DOCUMENT_REUSED'; readonly blobId: string; readonly indexes: readonly number[] };

export function emptyStream(): StreamState {
  return { records: new Map(), documents: new Map(), documentClaims: new Map() };
}

/** The state of a stream; any order of the same batches gives the same state. */
export function foldStream(batches: Iterable<WrittenBatch>): StreamState {
  const state = emptyStream();
  for (const batch of batches) foldInto(state, batch);
  return state;
}

/** Adds one batch to `state`, which is changed and returned; the same batch twice changes nothing. */
export function foldInto(state: StreamState, written: WrittenBatch): StreamState {
  const { index, entryId, author, receivedAt, time } = written;
  for (const [position, version] of written.batch.versions.entries())
    addVersion(state, { ...version, index, position, entryId, author, receivedAt, time });
  for (const document of written.batch.documents) addDocument(state, index, document);
  return state;
}

/** Adds one version with its place in the journal; for batches and snapshots. */
export function addVersion(state: StreamState, added: FoldedVersion): void {
  const record = state.records.get(added.id);
  if (record === undefined) {
    state.records.set(added.id, { id: added.id, current: [added], history: [added] });
    return;
  }
  const last = record.history.at(-1);
  if (last !== undefined && compareOrder(last, added) < 0 && !record.history.some((known) => sameName(known, added))) {
    // The usual case, a new name behind all others: what it does not replace stays current, and nothing can replace it.
    const standing = record.current.filter(
      (known) => !added.replaces.some((name) => equalBytes(name, known.version)) || outlasts(known, added),
    );
    state.records.set(added.id, { id: added.id, current: [...standing, added], history: [...record.history, added] });
    return;
  }
  const twin = record.history.find((known) => sameVersion(known, added));
  if (twin !== undefined && compareOrder(twin, added) <= 0) return;
  const others = twin === undefined ? record.history : record.history.filter((known) => known !== twin);
  const history = [...others, added].sort(compareOrder);
  state.records.set(added.id, { id: added.id, current: currentOf(history), history });
}

export function addDocument(state: StreamState, index: number, document: DocumentKey): void {
  const blobId = bytesToHex(document.blobId);
  const claims = state.documentClaims.get(blobId) ?? [];
  const twin = claims.find((claim) => sameDocument(claim.document, document));
  if (twin !== undefined && twin.index <= index) return;
  const others = claims.filter((claim) => claim !== twin);
  const sorted = [...others, { index, document }].sort(
    (left, right) => left.index - right.index || compareBytes(left.document.key, right.document.key),
  );
  state.documentClaims.set(blobId, sorted);
  state.documents.set(blobId, sorted[0]?.document ?? document);
}

/** What a person or a check must hear of: nothing of it was chosen silently. */
export function foldFindings(state: StreamState): FoldFinding[] {
  const findings: FoldFinding[] = [];
  for (const record of state.records.values()) if (record.history.length > 1) findings.push(...recordFindings(record));
  for (const [blobId, claims] of state.documentClaims)
    if (claims.length > 1)
      findings.push({ code: 'DOCUMENT_REUSED', blobId, indexes: claims.map((claim) => claim.index) });
  return findings;
}

/** True when the current versions say different things; twice the same import is no conflict. */
export function hasConflict(record: RecordState): boolean {
  return record.current.some((version) => version.content !== record.current[0]?.content);
}

function recordFindings(record: RecordState): FoldFinding[] {
  const findings: FoldFinding[] = [];
  const claims = claimsByName(record.history);
  for (const [version, versions] of claims)
    if (versions.length > 1)
      findings.push({ code: 'VERSION_REUSED', id: record.id, version, indexes: versions.map((claim) => claim.index) });
  for (const version of record.history)
    for (const name of version.replaces) {
      const target = claims.get(bytesToHex(name))?.[0];
      if (target !== undefined && compareOrder(target, version) >= 0) {
        const indexes = [version.index, target.index];
        findings.push({ code: 'REPLACES_LATER', id: record.id, version: bytesToHex(version.version), indexes });
      }
    }
  return findings;
}

/**
 * A version is current when none that stands after it in the journal replaces it. Only what stands before can be replaced, so
 * there is no cycle, the result is never empty, and what a snapshot left out cannot change it.
 */
function currentOf(history: readonly FoldedVersion[]): FoldedVersion[] {
  const first = new Map([...claimsByName(history)].map(([name, claims]) => [name, claims[0]]));
  const chosen = history.filter((version) => first.get(bytesToHex(version.version)) === version);
  const replaced = new Set<FoldedVersion>();
  for (const version of chosen)
    for (const name of version.replaces) {
      const target = first.get(bytesToHex(name));
      if (target !== undefined && compareOrder(target, version) < 0 && !outlasts(target, version)) replaced.add(target);
    }
  return chosen.filter((version) => !replaced.has(version));
}

/** What somebody signed is replaced by no edit that says something else: both then wait for a person to choose. */
function outlasts(signed: FoldedVersion, by: FoldedVersion): boolean {
  return (by.change === 'create' || by.change === 'edit') && by.content !== signed.content && isSignedNote(signed);
}

const written: ReadonlySet<string> = new Set(['create', 'edit', 'restore']);

/** A note that a person of this practice signed: an import is what it was elsewhere. */
function isSignedNote({ id, change, content }: RecordVersion): boolean {
  return content !== null && written.has(change) && id.startsWith('Composition/') && isSigned(JSON.parse(content));
}

/** Versions by name, each list in journal order (`history` is sorted). */
function claimsByName(history: readonly FoldedVersion[]): Map<string, FoldedVersion[]> {
  return Map.groupBy(history, (version) => bytesToHex(version.version));
}

export function compareOrder(left: FoldedVersion, right: FoldedVersion): number {
  return left.index - right.index || left.position - right.position || compareBytes(left.entryId, right.entryId);
}

function sameName(left: RecordVersion, right: RecordVersion): boolean {
  return equalBytes(left.version, right.version);
}

function sameVersion(left: RecordVersion, right: RecordVersion): boolean {
  return (
    sameName(left, right) &&
    left.id === right.id &&
    left.change === right.change &&
    left.fullUrl === right.fullUrl &&
    left.content === right.content &&
    left.replaces.length === right.replaces.length &&
    left.replaces.every((name, place) => equalBytes(name, right.replaces[place] ?? new Uint8Array()))
  );
}

function sameDocument(left: DocumentKey, right: DocumentKey): boolean {
  return (
    equalBytes(left.key, right.key) &&
    equalBytes(left.sealedHash, right.sealedHash) &&
    equalBytes(left.hash, right.hash) &&
    left.sealedSize === right.sealedSize &&
    left.size === right.size &&
    left.mediaType === right.mediaType
  );
}
