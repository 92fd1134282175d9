import type { RecordView } from './patient-file.ts';
import type { StreamRecords } from './stream-records.ts';
import { isOfHost } from './stream-view.ts';

export interface AgendaPart {
  readonly records: readonly RecordView[];
  /** Entries that the host does not hand over, and entries that do not open: what is shown may lack what they say. */
  readonly withheld: number;
  readonly unreadable: number;
}

/** The practice's appointments, a stream for each month (docs/format/record.md). */
export class Agenda {
  readonly #streamOf: (name: string) => StreamRecords;
  readonly #streams = new Map<string, StreamRecords>();

  constructor(streamOf: (name: string) => StreamRecords) {
    this.#streamOf = streamOf;
  }

  /**
   * What may concern a month, `2026-11`: its stream, and those beside it, since an appointment that was moved stays where
   * it was first written, and since months end at different instants in different places; also what came without a date.
   * Throws COMPARTMENT_CLOSED, UNREACHABLE for what was never read here.
   */
  async around(month: string): Promise<AgendaPart> {
    const names = [shifted(month, -1), month, shifted(month, 1), 'undated'].map((name) => `agenda/${name}`);
    const parts = await Promise.all(names.map((name) => this.#read(name)));
    return {
      records: parts.flatMap(({ records }) => records),
      withheld: parts.reduce((sum, part) => sum + part.withheld, 0),
      unreadable: parts.reduce((sum, part) => sum + part.unreadable, 0),
    };
  }

  /** After a save was given up, or the journal became another. */
  clear(): void {
    this.#streams.clear();
  }

  async #read(name: string): Promise<AgendaPart> {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = this.#streamOf(name);
      this.#streams.set(name, stream);
    }
    const { findings } = await stream.read();
    const withheld = findings.filter(isOfHost).length;
    return { records: await stream.views(), withheld, unreadable: findings.length - withheld };
  }
}

function shifted(month: string, by: number): string {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + by;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}
