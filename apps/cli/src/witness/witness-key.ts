import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { formatWitnessKey, isWitnessName } from '@serment/core/journal/cosignature';
import { type Signer, seedSigner } from '@serment/core/signature';
import { CliError, outputError, systemCode, usageError } from '../error.ts';
import { writeWhole } from '../whole-file.ts';

/** A witness's own key, and the name that it signs under. */
export interface Witness {
  readonly name: string;
  readonly signer: Signer;
  /** The line that practices are given. */
  readonly keyLine: string;
}

const format = 'serment witness key 1';
const fileName = 'witness.key';

/**
 * The witness of this folder. Without one, it is made under `name`: its key is on the disk before anything is signed.
 * Throws USAGE without a name, or with another one than it has; WITNESS_KEY_DAMAGED, OUTPUT_UNWRITABLE.
 */
export async function openWitness(dir: string, name: string | null): Promise<Witness> {
  const path = join(dir, fileName);
  const found = await readKey(path);
  if (found !== null) {
    if (name !== null && name !== found.name) throw usageError(`this witness is called ${found.name}`, 'witness');
    return witnessOf(found.name, found.seed);
  }
  if (name === null || !isWitnessName(name))
    throw usageError('--name NAME is needed at first, such as witness.example/w1', 'witness follow');
  const seed = new Uint8Array(randomBytes(32));
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw outputError(cause);
  });
  await writeWhole(path, `${JSON.stringify({ format, name, seed: bytesToHex(seed) }, null, 1)}\n`);
  return witnessOf(name, seed);
}

async function witnessOf(name: string, seed: Uint8Array): Promise<Witness> {
  const signer = await seedSigner(seed);
  return { name, signer, keyLine: formatWitnessKey({ name, key: signer.author }) };
}

async function readKey(path: string): Promise<{ name: string; seed: Uint8Array } | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw damaged(cause);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) throw damaged();
    const member = (key: string): unknown => Reflect.get(value, key);
    const [name, seed] = [member('name'), member('seed')];
    if (member('format') !== format || typeof name !== 'string' || !isWitnessName(name)) throw damaged();
    if (typeof seed !== 'string' || !/^[0-9a-f]{64}$/.test(seed)) throw damaged();
    return { name, seed: hexToBytes(seed) };
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause?: unknown): CliError {
  if (cause instanceof CliError) return cause;
  return new CliError('WITNESS_KEY_DAMAGED', 'The key of this witness cannot be read', {
    ...(cause === undefined ? {} : { cause }),
    hint: `Put back ${fileName} from where it is kept; with another key, each practice must name the witness anew.`,
  });
}
