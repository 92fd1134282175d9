import { bytesToHex } from '@serment/core/bytes';
import { emptyStream, foldInto, type RecordState, type StreamState } from '@serment/records/fold';
import type { RoutedBatch } from '@serment/records/import/batch';
import type { KnownStream } from '@serment/records/import/plan';
import { isJsonObject, parseJson } from '@serment/records/json-text';
import {
  chainResolvers,
  indexReferences,
  type ReferencedRecord,
  type ReferenceResolver,
} from '@serment/records/reference';
import { type Compartment, patientStream } from '@serment/records/route';
import type { Practice } from '@serment/replica/practice';
import { loadStream } from '@serment/replica/stream-view';

/** Records that came in since the resolver was last built whole; building it for each file would cost the square. */
const manyPending = 500;
const firstYear = 1850;
const lastYear = 2150;

/** What a vault holds of what an import may touch, kept up to date with what the import plans to write. */
export class KnownStreams {
  readonly #practice: Practice;
  /** Streams that records of any patient may be in, by `compartment stream`. */
  readonly #shared = new Map<string, KnownStream>();
  readonly #patients = new Map<string, KnownStream>();
  #resolver: ReferenceResolver;
  #pending: ReferencedRecord[] = [];
  #nextIndex: number;

  /** Reads the directory, the practice's own stream, months and years. */
  static async open(practice: Practice): Promise<KnownStreams> {
    const streams: KnownStream[] = [];
    for (const { compartment, stream } of presentStreams(practice))
      streams.push({ compartment, stream, state: await load(practice, compartment, stream) });
    return new KnownStreams(practice, streams);
  }

  private constructor(practice: Practice, streams: readonly KnownStream[]) {
    this.#practice = practice;
    for (const known of streams) this.#shared.set(nameOf(known), known);
    this.#nextIndex = practice.mirror.size + 1_000_000_000;
    this.#resolver = indexReferences(this.#referenced());
  }

  /** For references that lead out of a file. */
  resolver(): ReferenceResolver {
    if (this.#pending.length === 0) return this.#resolver;
    if (this.#pending.length > manyPending) {
      this.#pending = [];
      this.#resolver = indexReferences(this.#referenced());
      return this.#resolver;
    }
    return chainResolvers(indexReferences(this.#pending), this.#resolver);
  }

  /** What is known of the records in these batches. `isWhole` asks for everything, to compare contents without ids. */
  async about(batches: readonly RoutedBatch[], isWhole: boolean): Promise<KnownStream[]> {
    for (const { compartment, stream, batch } of batches)
      if (compartment === 'clinical' && batch.patient !== null && stream === patientStream(batch.patient))
        await this.#loadPatient(stream);
    const patients = [...this.#patients.values()];
    if (isWhole) return [...this.#shared.values(), ...patients];
    const ids = new Set(batches.flatMap(({ batch }) => batch.versions.map(({ id }) => id)));
    return [...[...this.#shared.values()].map((known) => ({ ...known, state: pick(known.state, ids) })), ...patients];
  }

  /** Counts these batches as written. */
  take(batches: readonly RoutedBatch[]): void {
    for (const { compartment, stream, batch } of batches) {
      const place = { compartment, stream };
      const isPatient = compartment === 'clinical' && stream.startsWith('patient/');
      const streams = isPatient ? this.#patients : this.#shared;
      const known = streams.get(nameOf(place)) ?? { ...place, state: emptyStream() };
      streams.set(nameOf(place), known);
      const index = this.#nextIndex++;
      const author = this.#practice.keyring.signer.author;
      foldInto(known.state, { index, entryId: new Uint8Array(32), author, receivedAt: 0, time: 0, batch });
      if (!isPatient)
        this.#pending.push(...batch.versions.flatMap(({ id, fullUrl, content }) => referenced(id, fullUrl, content)));
    }
  }

  /** Lets go of patients' files: the next file of the import is mostly about others. */
  forgetPatients(): void {
    this.#patients.clear();
  }

  async #loadPatient(stream: string): Promise<void> {
    const place = { compartment: 'clinical', stream } as const;
    if (this.#patients.has(nameOf(place))) return;
    this.#patients.set(nameOf(place), { ...place, state: await load(this.#practice, 'clinical', stream) });
  }

  *#referenced(): Generator<ReferencedRecord> {
    for (const { state } of this.#shared.values())
      for (const { current } of state.records.values())
        for (const { id, fullUrl, content } of current) yield* referenced(id, fullUrl, content);
  }
}

function nameOf({ compartment, stream }: { compartment: string; stream: string }): string {
  return `${compartment} ${stream}`;
}

function load(practice: Practice, compartment: Compartment, stream: string): Promise<StreamState> {
  return loadStream(practice.keyring.stream(compartment, stream), practice.streamParts(), { isWhole: true }).then(
    ({ state }) => state,
  );
}

/** Streams that the journal has, among those that any record may go to: their ids do not tell their names. */
function presentStreams({ keyring, mirror }: Practice): { compartment: Compartment; stream: string }[] {
  const present = new Set(mirror.streams());
  const years = Array.from({ length: lastYear - firstYear }, (_, place) => String(firstYear + place));
  const months = years.flatMap((year) =>
    Array.from({ length: 12 }, (_, month) => `${year}-${String(month + 1).padStart(2, '0')}`),
  );
  const names: Readonly<Record<string, readonly string[]>> = {
    admin: ['directory', 'deposits', 'agenda/undated', ...months.map((month) => `agenda/${month}`)],
    clinical: ['practice'],
    billing: ['ledger/undated', ...years.map((year) => `ledger/${year}`)],
  };
  return (['admin', 'clinical', 'billing'] as const)
    .filter((compartment) => keyring.canRead(compartment))
    .flatMap((compartment) =>
      (names[compartment] ?? [])
        .filter((stream) => present.has(bytesToHex(keyring.stream(compartment, stream).id)))
        .map((stream) => ({ compartment, stream })),
    );
}

function pick(state: StreamState, ids: ReadonlySet<string>): StreamState {
  const records = new Map<string, RecordState>();
  for (const id of ids) {
    const record = state.records.get(id);
    if (record !== undefined) records.set(id, record);
  }
  return { ...state, records };
}

function referenced(id: string, fullUrl: string | null, content: string | null): ReferencedRecord[] {
  const resource = content === null ? null : parseJson(content);
  return isJsonObject(resource) ? [{ id, fullUrl, resource }] : [];
}
