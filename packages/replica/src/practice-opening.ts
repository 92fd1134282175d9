import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { seedToSigner } from '@serment/core/keys/signing';
import { type RandomSource, randomBytes } from '@serment/core/random';
import { type Cache, cacheUnder, sparingCache } from './cache.ts';
import { deviceFolder } from './cache-places.ts';
import { ReplicaError } from './error.ts';
import { FormerKeys } from './former-keys.ts';
import { startFromHeads } from './heads-start.ts';
import { JournalMirror } from './journal-mirror.ts';
import { Keyring } from './keyring.ts';
import { openedWraps } from './opened-wraps.ts';
import { Practice } from './practice.ts';
import type { Transport } from './transport.ts';

export interface PracticeOptions {
  readonly transport: Transport;
  readonly cache: Cache;
  readonly practice: Bytes;
  /** Of the holder (device or kit) that opens. */
  readonly seed: Bytes;
  readonly clock?: () => number;
  readonly random?: RandomSource;
  /** For a kit before a restored vault that no member has acknowledged. */
  readonly isRecovering?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

const opensWithout: ReadonlySet<string> = new Set([
  'UNREACHABLE',
  'SERVER_FAILED',
  'ANSWER_INVALID',
  'HOST_LIES',
  'VAULT_RESTORED',
]);

/**
 * Opens a practice on this device: verifies what is new, or reads what the cache holds when the host cannot be reached or
 * does not tell the truth. Throws HOST_LIES and UNREACHABLE only when this device holds nothing yet.
 */
export async function openPractice(options: PracticeOptions): Promise<Practice> {
  const { transport, practice, isRecovering = false } = options;
  const signer = await seedToSigner(options.seed);
  const cache = cacheUnder(options.cache, deviceFolder(bytesToHex(signer.author)));
  // The host is asked while the device reads what it kept; its answer, or silence, is heard behind that.
  const session = transport.openSession(practice, signer);
  session.catch(() => undefined);
  const former = new FormerKeys(cache, options.seed);
  const mirror = await JournalMirror.open({
    ...{ practice, source: transport, cache: sparingCache(cache), isRecovering },
    onLeaving: (left, next) => former.keep(left, next),
  });
  let problem: ReplicaError | null = null;
  try {
    await session;
    if (mirror.size === 0 && mirror.note === null && !isRecovering) {
      const { seed, random = randomBytes, onProgress } = options;
      await startFromHeads({ mirror, source: transport, seed, random, onProgress });
    }
    await mirror.sync(options.onProgress);
  } catch (error) {
    if (!(error instanceof ReplicaError && mirror.size > 0 && opensWithout.has(error.code))) throw error;
    problem = error;
  }
  const keyring = await Keyring.open(options.seed, mirror.governance, openedWraps(sparingCache(cache)));
  await former.giveTo(keyring);
  const opened = new Practice({ ...options, cache, mirror, keyring });
  await opened.load(problem);
  return opened;
}
