import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { deriveKey } from '@serment/core/hash';
import { hostRecipient } from '@serment/core/hostseal';
import { type Signer, seedSigner } from '@serment/core/signature';
import { StoreError } from './error.ts';

/** The host's secrets: they sign checkpoints, open what copies hold of accounts, and answer passwords. */
export interface HostKeys {
  readonly signer: Signer;
  /** age recipient to which copies seal account data. */
  readonly recipient: string;
  /** Seed of that recipient, 32 bytes. */
  readonly sealSeed: Bytes;
  /** OPAQUE server setup. */
  readonly opaqueSetup: string;
  /** Seals the nonces of sessions, 32 bytes. */
  readonly nonceKey: Bytes;
  /** Hashes the codes that are sent, 32 bytes. */
  readonly codeKey: Bytes;
}

interface HostKeyFile {
  readonly signSeed: Bytes;
  readonly sealSeed: Bytes;
  readonly opaqueSetup: string;
}

const format = 'serment host key 1';

/**
 * The keys of this file, made at the first start: mode 0600, whole or absent. `makeOpaqueSetup` gives a new OPAQUE
 * server setup. Throws HOST_KEY_INVALID for a file that is something else, HOST_KEY_UNWRITABLE.
 */
export async function loadOrCreateHostKeys(path: string, makeOpaqueSetup: () => Promise<string>): Promise<HostKeys> {
  const found = await readKeyFile(path);
  if (found !== null) return openKeys(found);
  const fresh = { signSeed: fresh32(), sealSeed: fresh32(), opaqueSetup: await makeOpaqueSetup() };
  await createKeyFile(path, fresh);
  // Another start may have been first: the file says who.
  return openKeys((await readKeyFile(path)) ?? fresh);
}

/** The keys of a file that must exist. Throws HOST_KEY_MISSING, HOST_KEY_INVALID. */
export async function loadHostKeys(path: string): Promise<HostKeys> {
  const found = await readKeyFile(path);
  if (found === null) throw new StoreError('HOST_KEY_MISSING', 'The host key file is not there');
  return openKeys(found);
}

/** Copies the key file where it is kept outside the data folder. A file with the same content is fine. */
export async function exportHostKeys(path: string, to: string): Promise<void> {
  const [own, standing] = [await readKeyFile(path), await readKeyFile(to)];
  if (own === null) throw new StoreError('HOST_KEY_MISSING', 'The host key file is not there');
  if (standing === null) return createKeyFile(to, own);
  if (encodeKeyFile(standing) === encodeKeyFile(own)) return;
  throw new StoreError('HOST_KEY_INVALID', 'Another host key stands where this one should be kept', {
    hint: 'Give another file to --host-key-out: that one is never overwritten.',
  });
}

async function openKeys({ signSeed, sealSeed, opaqueSetup }: HostKeyFile): Promise<HostKeys> {
  const nonceKey = deriveKey(signSeed, 'serment/host/nonce/1');
  const codeKey = deriveKey(signSeed, 'serment/host/code/1');
  const recipient = await hostRecipient(sealSeed);
  return { signer: await seedSigner(signSeed), recipient, sealSeed, opaqueSetup, nonceKey, codeKey };
}

async function readKeyFile(path: string): Promise<HostKeyFile | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw invalid(cause);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) throw invalid();
    const member = (name: string): unknown => Reflect.get(value, name);
    const [sign, seal, setup] = [member('signSeed'), member('sealSeed'), member('opaqueSetup')];
    if (member('format') !== format || typeof sign !== 'string' || typeof seal !== 'string') throw invalid();
    if (typeof setup !== 'string' || setup.length === 0) throw invalid();
    const [signSeed, sealSeed] = [hexToBytes(sign), hexToBytes(seal)];
    if (signSeed.length !== 32 || sealSeed.length !== 32) throw invalid();
    return { signSeed, sealSeed, opaqueSetup: setup };
  } catch (cause) {
    throw invalid(cause);
  }
}

/** Written whole and forced to the disk under another name, then linked: nobody sees half a key. */
async function createKeyFile(path: string, keys: HostKeyFile): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.new-${randomBytes(8).toString('hex')}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      await file.writeFile(encodeKeyFile(keys));
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path).catch((cause: unknown) => {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    });
    const opened = await open(folder, 'r');
    try {
      await opened.sync();
    } finally {
      await opened.close();
    }
  } catch (cause) {
    throw new StoreError('HOST_KEY_UNWRITABLE', 'The host key file cannot be written', {
      cause,
      hint: 'Give a path in a folder that the server may write to.',
    });
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function encodeKeyFile({ signSeed, sealSeed, opaqueSetup }: HostKeyFile): string {
  const content = { format, signSeed: bytesToHex(signSeed), sealSeed: bytesToHex(sealSeed), opaqueSetup };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function fresh32(): Bytes {
  return new Uint8Array(randomBytes(32));
}

function invalid(cause?: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  return new StoreError('HOST_KEY_INVALID', 'The host key file is not one of Serment’s', {
    ...(cause === undefined ? {} : { cause }),
    hint: 'Give the file that the first start wrote; without it, members name the new host with their kit.',
  });
}
