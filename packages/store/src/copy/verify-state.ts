import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { type Bytes, equalBytes } from '@serment/core/bytes';
import { type CborValue, decodeCanonical, encodeCanonical } from '@serment/core/cbor';
import { makeShape, orNull } from '@serment/core/journal/shape';
import { CopyError } from './copy-error.ts';
import { type CopyFinding, makeFinding } from './finding.ts';
import { isFindingCode } from './finding-text.ts';

export { orNull };
export const shape = makeShape('CBOR_INVALID');
export const anyBytes = (item: CborValue | undefined): Bytes => shape.bytes(item, 0, Number.MAX_SAFE_INTEGER);
export const anyText = (item: CborValue | undefined): string => shape.text(item, Number.MAX_SAFE_INTEGER);

const suffix = '.state';
const sumBytes = 32;

/**
 * Where verifications keep how far they came: a folder of the verifier's own, beside nothing else. Each file is replaced
 * whole, and carries its hash: one that was cut or damaged is never taken for another.
 */
export class StateFolder {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Makes the folder where it is not there. Throws VERIFY_STATE_UNWRITABLE. */
  static async open(path: string): Promise<StateFolder> {
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
      return new StateFolder(path);
    } catch (cause) {
      throw unwritable(cause);
    }
  }

  /** Names of what is kept. */
  async names(): Promise<string[]> {
    const files = await readdir(this.#path);
    return files.flatMap((file) => (file.endsWith(suffix) ? [file.slice(0, -suffix.length)] : []));
  }

  /** What is kept under a name; null for nothing, `damaged` for what no verification wrote. */
  async read(name: string): Promise<CborValue | 'damaged'> {
    let bytes: Uint8Array;
    try {
      bytes = await readFile(`${this.#path}/${name}${suffix}`);
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
      return 'damaged';
    }
    const content = bytes.subarray(0, Math.max(0, bytes.length - sumBytes));
    if (!equalBytes(sumOf(content), bytes.subarray(content.length))) return 'damaged';
    try {
      return decodeCanonical(content);
    } catch {
      return 'damaged';
    }
  }

  /** Durable when it returns. Throws VERIFY_STATE_UNWRITABLE; what was kept before is then as it was. */
  async write(name: string, value: CborValue): Promise<void> {
    const content = encodeCanonical(value);
    const path = `${this.#path}/${name}${suffix}`;
    const fresh = `${path}.new-${randomBytes(8).toString('hex')}`;
    try {
      const file = await open(fresh, 'wx', 0o600);
      try {
        await file.writeFile(content);
        await file.writeFile(sumOf(content));
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(fresh, path);
      const folder = await open(this.#path, 'r');
      await folder.sync().finally(() => folder.close());
    } catch (cause) {
      await rm(fresh, { force: true }).catch(() => undefined);
      throw unwritable(cause);
    }
  }

  async remove(name: string): Promise<void> {
    try {
      await rm(`${this.#path}/${name}${suffix}`, { force: true });
    } catch (cause) {
      throw unwritable(cause);
    }
  }
}

export function findingToCbor({ code, object, detail, reach }: CopyFinding): CborValue {
  const { practice, streams, streamCount, from, to, since, until } = reach;
  return [code, object, detail, practice, streams, streamCount, from, to, since, until];
}

/** Throws CBOR_INVALID. */
export function parseFinding(item: CborValue): CopyFinding {
  const [code, object, detail, practice, streams, streamCount, from, to, since, until] = shape.array(item, 10);
  const text = anyText(code);
  if (!isFindingCode(text)) return shape.fail('a finding has a known code');
  const count = (value: CborValue | undefined) => orNull(value, (number) => shape.uint(number));
  const reach = {
    ...{ practice: orNull(practice, anyText), streams: shape.array(streams).map(anyText) },
    ...{ streamCount: shape.uint(streamCount), from: count(from), to: count(to), since: count(since) },
    until: count(until),
  };
  return makeFinding(text, orNull(object, anyText), reach, orNull(detail, anyText));
}

function sumOf(content: Uint8Array): Uint8Array {
  return createHash('sha256').update(content).digest();
}

function unwritable(cause: unknown): CopyError {
  return new CopyError('VERIFY_STATE_UNWRITABLE', 'The state of the verification could not be written', {
    cause,
    hint: 'Give --state a folder that this user may write to, on a disk with room.',
  });
}
