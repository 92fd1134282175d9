import type { Bytes } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { randomBytes } from '@serment/core/random';
import type { Cache } from '@serment/replica/cache';
import { openDocumentBytes } from '@serment/replica/documents';
import type { ExportSource } from '@serment/replica/export';
import { JournalMirror } from '@serment/replica/journal-mirror';
import type { JournalSource } from '@serment/replica/journal-source';
import { Keyring } from '@serment/replica/keyring';
import { kitRefusal } from '@serment/replica/kit-reading';
import { PayloadReader, type PayloadSource } from '@serment/replica/payload-reader';
import { CopyError } from '@serment/store/copy/copy-error';
import type { CopyFinding } from '@serment/store/copy/finding';

export interface ReadingOptions {
  readonly practice: Bytes;
  /** Of the kit. */
  readonly seed: Bytes;
  readonly journal: JournalSource;
  /** Sealed payloads; asked once the journal was read. */
  readonly payloads: (mirror: JournalMirror) => PayloadSource;
  readonly cache: Cache;
  readonly isRecovering: boolean;
  readonly isCopy?: boolean;
  readonly missing?: number;
  readonly passed?: readonly CopyFinding[];
  readonly onProgress: (done: number, total: number) => void;
}

/** What a kit reads. */
export interface Reading extends ExportSource {
  /** True before a restored vault that no member has acknowledged: who signs for its host cannot be known yet. */
  readonly isRecovering: boolean;
  /** Entries that are known to have been there and that nothing gives any more. */
  readonly missing: number;
  /** States and fences of a copy that nothing proves: they were passed over. */
  readonly passed: readonly CopyFinding[];
}

/** Verifies a journal whole and opens it with a kit, for reading alone: nothing is enrolled and nothing written. */
export async function openReading(options: ReadingOptions): Promise<Reading> {
  const { practice, journal, seed, isRecovering, isCopy = false } = options;
  const cache = withoutPayloads(options.cache);
  const mirror = await JournalMirror.open({ practice, source: journal, cache, isRecovering, isCopy });
  await mirror.sync(options.onProgress);
  const keyring = await Keyring.open(seed, mirror.governance).catch((error: unknown) => {
    throw keysLost(error, mirror) ?? kitRefusal(error, seed);
  });
  const payloads = options.payloads(mirror);
  const reader = new PayloadReader({ mirror, source: payloads, cache, keyring });
  return {
    mirror,
    keyring,
    reader,
    random: randomBytes,
    // Of a copy, the findings say who did not sign: there is no vault that a member could accept.
    isRecovering: isRecovering && !isCopy,
    missing: options.missing ?? 0,
    passed: options.passed ?? [],
    openDocument: (document) => openDocumentBytes(document, { practice, transport: payloads }),
  };
}

/** A kit is not called a wrong one when the entry that names it may be among those that are lost. */
function keysLost(error: unknown, mirror: JournalMirror): CopyError | null {
  const lost = mirror.findings.find(({ code }) => code === 'ENTRY_LOST');
  const isKey = error instanceof CodedError && (error.code === 'HOLDER_UNKNOWN' || error.code === 'WRAP_INVALID');
  if (lost === undefined || !isKey) return null;
  return new CopyError('COPY_DAMAGED', 'Entries of the copy are lost, and without them this kit opens no key', {
    cause: error,
    fields: { entry: lost.index },
    hint: 'Open another copy of this practice, or try another of its kits with this one.',
  });
}

/** Each payload is read once here: keeping them would hold the whole vault. */
function withoutPayloads(cache: Cache): Cache {
  const isKept = (key: string) => !key.startsWith('payloads/');
  return {
    ...cache,
    put: async (key, value) => {
      if (isKept(key)) await cache.put(key, value);
    },
    putMany: (values) => cache.putMany(values.filter(([key]) => isKept(key))),
  };
}
