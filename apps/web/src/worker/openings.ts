import { type Bytes, bytesToHex, equalBytes } from '@serment/core/bytes';
import { decodeCanonical } from '@serment/core/cbor';
import { CoreError } from '@serment/core/error';
import type { StreamRef } from '@serment/replica/keyring';
import type { Practice } from '@serment/replica/practice';

/** Who opened a file, from the traces that this member can read. */
export interface Opening {
  /** In hexadecimal. */
  readonly member: string;
  readonly name: string | null;
  readonly isSelf: boolean;
  readonly at: number;
}

interface Trace {
  readonly patient: string;
  readonly at: number;
}

/** The last traces of one device, up to an entry of its stream. */
interface ReadTraces {
  readonly last: { readonly index: number; readonly id: Bytes } | null;
  readonly traces: readonly Trace[];
}

/** How far back traces are read for a file's margin; the access journal reads them all. */
const recentTraces = 200;

const nothing: ReadTraces = { last: null, traces: [] };

/** Who opened files lately. What was read of the traces stays as long as the practice is open: they are asked for with each file. */
export class Openings {
  readonly #practice: Practice;
  /** By author. */
  readonly #read = new Map<string, Promise<ReadTraces>>();

  constructor(practice: Practice) {
    this.#practice = practice;
  }

  /** Those of a file, newest first; of this device those too that are still on their way. */
  async of(patient: string): Promise<Opening[]> {
    const { mirror, keyring } = this.#practice;
    if (!keyring.canRead('admin')) return [];
    const own = bytesToHex(keyring.signer.author);
    const openings: Opening[] = [];
    for (const [author, { type, member }] of mirror.governance.authors) {
      if (type !== 'device' || member === null) continue;
      const { traces } = await this.#readOf(author, keyring.stream('admin', `opened/${author}`));
      const who = {
        member,
        name: this.#practice.memberName(member),
        isSelf: member === bytesToHex(keyring.member),
      };
      for (const trace of author === own ? [...traces, ...this.#onTheirWay()] : traces)
        if (trace.patient === patient) openings.push({ ...who, at: trace.at });
    }
    return openings.sort((left, right) => right.at - left.at);
  }

  /** One reading after the other: each goes on where the last one came to. */
  #readOf(author: string, stream: StreamRef): Promise<ReadTraces> {
    const known = this.#read.get(author) ?? Promise.resolve(nothing);
    const reading = known.catch(() => nothing).then((read) => this.#readOn(stream, read));
    this.#read.set(author, reading);
    return reading;
  }

  async #readOn(stream: StreamRef, known: ReadTraces): Promise<ReadTraces> {
    const { mirror, reader } = this.#practice;
    const head = mirror.headOf(stream.id);
    if (head === null) return nothing;
    if (known.last !== null && equalBytes(known.last.id, head)) return known;
    const entries = mirror.entriesOf(stream.id);
    const index = entries.at(-1);
    if (index === undefined) return nothing;
    // After a restore other entries may stand under these numbers.
    const isContinued = known.last !== null && (await this.#isAt(known.last));
    const first = entries.slice(-recentTraces)[0] ?? index;
    const after = Math.max(isContinued ? (known.last?.index ?? -1) : -1, first - 1);
    const traces = isContinued ? [...known.traces] : [];
    let isWhole = true;
    for await (const read of reader.contents(stream, { after, upTo: index, isRolling: true })) {
      isWhole &&= read.finding === null;
      const trace = read.content === null ? null : traceIn(read.content);
      if (trace !== null) traces.push(trace);
    }
    const read = { last: { index, id: head }, traces: traces.slice(-recentTraces) };
    // What could not be read now is asked for again.
    return isWhole ? read : { ...read, last: null };
  }

  async #isAt({ index, id }: { readonly index: number; readonly id: Bytes }): Promise<boolean> {
    const { mirror } = this.#practice;
    return index < mirror.size && equalBytes((await mirror.entry(index)).id, id);
  }

  #onTheirWay(): Trace[] {
    const parts = this.#practice.outbox.items.flatMap((item) => item.parts);
    return parts.flatMap(({ body, content }) => (body.kind === 'opened' ? (traceIn(content) ?? []) : []));
  }
}

/** Null for what no device of Serment writes. */
function traceIn(content: Uint8Array<ArrayBuffer>): Trace | null {
  try {
    const value = decodeCanonical(content);
    const [format, patient, at] = Array.isArray(value) ? value : [];
    return format === 1 && typeof patient === 'string' && typeof at === 'number' ? { patient, at } : null;
  } catch (error) {
    if (error instanceof CoreError) return null;
    throw error;
  }
}
