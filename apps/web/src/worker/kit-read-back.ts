import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { ReplicaError } from '@serment/replica/error';
import type { KitText } from '@serment/replica/kit-text';
import type { PrintedKit } from './protocol.ts';

const askedGroupCount = 2;

/** A kit on paper, two groups of which are typed back: nothing is made with it before. */
export class KitReadBack {
  readonly kit: PrintedKit;
  #isRight = false;

  constructor(kit: KitText, practice: Bytes, random: (sizeBytes: number) => Bytes) {
    const askedGroups = drawPlaces(kit.text.split('-').length, random);
    this.kit = { ...kit, practice: bytesToHex(practice), askedGroups };
  }

  /** Numbers, from 1, of the groups that are not those of the kit. */
  check(answers: readonly string[]): readonly number[] {
    const groups = this.kit.text.split('-');
    const wrong = this.kit.askedGroups.filter((place, answer) => readable(answers[answer] ?? '') !== groups[place]);
    this.#isRight = wrong.length === 0;
    return wrong.map((place) => place + 1);
  }

  /** Throws KIT_UNREAD until both groups were right. */
  requireRead(): void {
    if (!this.#isRight) throw kitUnread();
  }
}

export function kitUnread(): ReplicaError {
  return new ReplicaError('KIT_UNREAD', 'No kit was read back');
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
