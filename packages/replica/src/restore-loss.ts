import type { Practice } from './practice.ts';

/** What a host that was restored from a copy lacks of what this device had verified, before a member accepts it. */
export interface RestoreLoss {
  /** Entries that the restored vault holds. */
  readonly kept: number;
  /** Saves that it lacks and that this device keeps: they are given back. */
  readonly held: number;
  /** Entries with records that it lacks and that this device does not keep: other devices may. */
  readonly elsewhere: number;
}

/** Null when the vault was not restored, or when that was accepted. */
export async function restoreLoss(practice: Practice): Promise<RestoreLoss | null> {
  const { mirror, outbox } = practice;
  const { restored } = practice.status();
  if (restored === null) return null;
  const held = await outbox.heldFrom(restored.size);
  let elsewhere = 0;
  for (let index = restored.size; index < mirror.size; index += 1) {
    const { header } = await mirror.entry(index);
    const isHeld = held.some(({ first, last }) => first <= index && index <= last);
    if (header.kind === 'records' && !isHeld) elsewhere += 1;
  }
  return { kept: restored.size, held: held.length, elsewhere };
}
