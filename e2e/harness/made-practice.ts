import { memoryCache } from '@serment/replica/cache';
import { prepareNewPractice } from '@serment/replica/device';
import type { Practice } from '@serment/replica/practice';
import { openPractice } from '@serment/replica/practice-opening';
import { Transport } from '@serment/replica/transport';

export interface MadePractice {
  /** Open on its founder's device. */
  readonly practice: Practice;
  readonly kitText: string;
}

/** A practice made without a browser, for what takes too long or has no screen. */
export async function makePractice(url: string, practiceName = 'Cabinet des Érables'): Promise<MadePractice> {
  const transport = new Transport({ baseUrl: url });
  const doctor = { family: 'Aubert', given: 'Jeanne', prefix: 'Dr' };
  const made = await prepareNewPractice({ transport, practiceName, doctor, label: 'script' });
  const { practice, seed } = await made.commit();
  const opened = await openPractice({ transport, cache: memoryCache(), practice, seed });
  return { practice: opened, kitText: made.kit.text };
}

/** Sends what waits and folds what came. */
export async function settle(practice: Practice): Promise<void> {
  await practice.outbox.flush();
  await practice.sync();
}
