import { rm } from 'node:fs/promises';
import { bytesToHex } from '@serment/core/bytes';
import { type NewPracticeOptions, prepareNewPractice } from '@serment/replica/device';
import { ReplicaError } from '@serment/replica/error';
import type { Transport } from '@serment/replica/transport';
import { CliError } from './error.ts';
import { writeKitFile } from './kit-file.ts';

export interface CreateOptions extends Omit<NewPracticeOptions, 'label'> {
  /** Where the kit goes; a function is given the practice's id in hexadecimal. */
  readonly kitOut: string | ((practice: string) => string);
  readonly isDemonstration?: boolean;
}

export interface CreatedPractice {
  readonly practice: Uint8Array<ArrayBuffer>;
  readonly author: Uint8Array;
  readonly seed: Uint8Array<ArrayBuffer>;
  readonly kitPath: string;
  readonly testValue: string;
}

/**
 * Creates a practice whose kit is on the disk first: a practice without a kit must never exist. Throws KIT_FILE_EXISTS,
 * PRACTICE_INCOMPLETE when the practice may exist and the kit was kept, and what the transport throws.
 */
export async function createPractice(options: CreateOptions): Promise<CreatedPractice> {
  const { kitOut, isDemonstration = false, transport, practiceName } = options;
  const prepared = await prepareNewPractice({ ...options, label: 'cli' });
  const { practice, kit } = prepared;
  const kitPath = typeof kitOut === 'string' ? kitOut : kitOut(bytesToHex(practice));
  await writeKitFile({ path: kitPath, practice, practiceName, kit, isDemonstration });
  try {
    const { seed } = await prepared.commit();
    return { practice, author: prepared.author, seed, kitPath, testValue: kit.testValue };
  } catch (cause) {
    if ((await existsAt(transport, practice)) === 'no') {
      await rm(kitPath, { force: true });
      throw cause;
    }
    throw new CliError('PRACTICE_INCOMPLETE', 'The practice may have been created, but not to the end', {
      cause,
      hint: `Its kit is kept: if \`serment export\` reads it, go on with it; else delete ${kitPath} and start again.`,
    });
  }
}

async function existsAt(transport: Transport, practice: Uint8Array): Promise<'yes' | 'no' | 'unknown'> {
  try {
    return (await transport.findPractice(practice.subarray(0, 16))) === null ? 'no' : 'yes';
  } catch (error) {
    if (error instanceof ReplicaError) return 'unknown';
    throw error;
  }
}
