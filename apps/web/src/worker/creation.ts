import type { Bytes } from '@serment/core/bytes';
import { type NewPractice, prepareNewPractice } from '@serment/replica/device';
import { ReplicaError } from '@serment/replica/error';
import type { Transport } from '@serment/replica/transport';
import type { NewPracticeInput, PrintedKit } from './protocol.ts';

export interface CreationParts {
  readonly transport: Transport;
  readonly random: (sizeBytes: number) => Bytes;
  readonly clock: () => number;
}

/** A device that a practice knows. */
export interface Enrolled {
  readonly practice: Bytes;
  readonly seed: Bytes;
}

const askedGroupCount = 2;

/** A practice being made: nothing of it exists at the host before its kit was read back. */
export class Creation {
  readonly kit: PrintedKit;
  readonly #made: NewPractice;
  #isChecked = false;
  #committed: Promise<Enrolled> | null = null;

  static async prepare(input: NewPracticeInput, { transport, random, clock }: CreationParts): Promise<Creation> {
    const { practiceName, family, given, rpps } = input;
    const doctor = { family, given, prefix: 'Dr', ...(rpps === null ? {} : { rpps }) };
    const made = await prepareNewPractice({ transport, practiceName, doctor, label: 'browser', random, clock });
    return new Creation(made, drawPlaces(made.kit.text.split('-').length, random));
  }

  private constructor(made: NewPractice, askedGroups: readonly number[]) {
    this.#made = made;
    this.kit = { ...made.kit, askedGroups };
  }

  /** Numbers, from 1, of the groups that are not those of the kit. */
  check(answers: readonly string[]): readonly number[] {
    const groups = this.kit.text.split('-');
    const wrong = this.kit.askedGroups.filter((place, answer) => readable(answers[answer] ?? '') !== groups[place]);
    this.#isChecked = wrong.length === 0;
    return wrong.map((place) => place + 1);
  }

  /** Sends the practice to the host, once; after a failure it can be tried again. Throws KIT_WRONG before the check. */
  commit(): Promise<Enrolled> {
    if (!this.#isChecked) throw new ReplicaError('KIT_WRONG', 'The kit was not read back');
    this.#committed ??= this.#made.commit().catch((error: unknown) => {
      this.#committed = null;
      throw error;
    });
    return this.#committed;
  }
}

/** Distinct places among `count`, drawn evenly, ascending. */
function drawPlaces(count: number, random: (sizeBytes: number) => Bytes): number[] {
  const places = new Set<number>();
  const fair = 256 - (256 % count);
  while (places.size < askedGroupCount)
    for (const byte of random(8)) if (byte < fair && places.size < askedGroupCount) places.add(byte % count);
  return [...places].sort((left, right) => left - right);
}

/** A group as a person types it: case, O for 0, I or L for 1. */
function readable(typed: string): string {
  return typed.trim().toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}
