import type { PieceSink } from '@serment/core/sealed/chunk-pipeline';
import { openBytes, openTo, sealBytes, sealTo } from '@serment/core/sealed/cobblestone';
import type { MessageWriter } from '@serment/core/sealed/message-writer';
import { interleave } from './bench.ts';

export interface SealWork {
  readonly sizeBytes: number;
  readonly rounds: number;
  /** Messages in a row for one time. */
  readonly repeats: number;
}

type Variant = `${'bareSeal' | 'bareOpen'}${'Dropped' | 'Whole' | 'Pieces'}` | `${'seal' | 'open'}${'' | 'Pieces'}`;

export type SealTimes = Record<Variant, number[]>;

const chunkSizeBytes = 16_384;
const sealedChunkSizeBytes = 16_400;
const inFlight = 32;
const bufferChunks = 128;
const pieceBytes = 1_048_576;

/** Times of sealing and opening, and of bare WebCrypto on the same chunks, in Node or in a page. */
export async function timeSealing({ sizeBytes, rounds, repeats }: SealWork): Promise<SealTimes> {
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const clear = new Uint8Array(sizeBytes);
  for (let at = 0; at < sizeBytes; at += 65_536) crypto.getRandomValues(clear.subarray(at, at + 65_536));
  const [inputKey, context] = [random(32), random(200)];
  const bare = await bareCrypto(clear);
  const sealed = await sealBytes(inputKey, context, clear);
  const options = { rounds, warmups: 2 };
  const again = (run: () => Promise<unknown>) => repeated(repeats, run);
  // Apart from those that leave great arrays behind: clearing these away would be counted to whoever runs next.
  const pieces = await interleave(
    {
      bareSealDropped: again(() => bare.seal(drop)),
      bareSealPieces: again(() => bare.sealPieces()),
      sealPieces: again(() => written(clear, (sink) => sealTo(sink, inputKey, context))),
      bareOpenDropped: again(() => bare.open(drop)),
      bareOpenPieces: again(() => bare.openPieces()),
      openPieces: again(() => written(sealed, (sink) => openTo(sink, inputKey, context))),
    },
    options,
  );
  const whole = await interleave(
    {
      bareSealWhole: again(() => bare.sealWhole()),
      seal: again(() => sealBytes(inputKey, context, clear)),
      bareOpenWhole: again(() => bare.openWhole()),
      open: again(() => openBytes(inputKey, context, sealed)),
    },
    options,
  );
  return { ...pieces, ...whole };
}

type Take = (result: ArrayBuffer, index: number) => void;

/** AES-GCM of the platform, one key, one nonce a chunk, as many calls at once as Serment makes. */
async function bareCrypto(clear: Uint8Array<ArrayBuffer>) {
  const count = clear.length / chunkSizeBytes;
  const usages: KeyUsage[] = ['encrypt', 'decrypt'];
  const key = await crypto.subtle.importKey('raw', new Uint8Array(32), 'AES-GCM', false, usages);
  const algorithm = (index: number) => {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(8, index);
    return { name: 'AES-GCM', iv };
  };
  const seal = (take: Take) =>
    inLanes(count, take, (index) => crypto.subtle.encrypt(algorithm(index), key, piece(clear, index, chunkSizeBytes)));
  const sealWhole = () => joined(count * sealedChunkSizeBytes, sealedChunkSizeBytes, seal);
  const sealed = await sealWhole();
  const open = (take: Take) =>
    inLanes(count, take, (index) =>
      crypto.subtle.decrypt(algorithm(index), key, piece(sealed, index, sealedChunkSizeBytes)),
    );
  const buffer = new Uint8Array(bufferChunks * sealedChunkSizeBytes);
  const into = (sizeBytes: number): Take => {
    return (result, index) => buffer.set(new Uint8Array(result), (index % bufferChunks) * sizeBytes);
  };
  return {
    ...{ seal, sealWhole, open },
    openWhole: () => joined(clear.length, chunkSizeBytes, open),
    sealPieces: () => seal(into(sealedChunkSizeBytes)),
    openPieces: () => open(into(chunkSizeBytes)),
  };
}

/** The chunks' results as one message: the work that a caller who wants the bytes has to do. */
async function joined(sizeBytes: number, chunkBytes: number, run: (take: Take) => Promise<void>) {
  const whole = new Uint8Array(sizeBytes);
  await run((result, index) => whole.set(new Uint8Array(result), index * chunkBytes));
  return whole;
}

function inLanes(count: number, take: Take, start: (index: number) => Promise<ArrayBuffer>): Promise<void> {
  return new Promise((resolve, reject) => {
    let started = 0;
    let taken = 0;
    const startNext = () => {
      const index = started;
      started += 1;
      start(index).then((result) => {
        take(result, index);
        taken += 1;
        if (taken === count) resolve();
        else if (started < count) startNext();
      }, reject);
    };
    while (started < Math.min(inFlight, count)) startNext();
  });
}

function piece(bytes: Uint8Array<ArrayBuffer>, index: number, sizeBytes: number) {
  return bytes.subarray(index * sizeBytes, (index + 1) * sizeBytes);
}

function drop(): void {
  // The result is left to the collector.
}

function repeated(times: number, run: () => Promise<unknown>): () => Promise<void> {
  return async () => {
    for (let done = 0; done < times; done += 1) await run();
  };
}

/** As a document goes: read piece by piece, and each result given on before the next. */
async function written(bytes: Uint8Array, start: (sink: PieceSink) => MessageWriter): Promise<void> {
  const writer = start(() => undefined);
  for (let at = 0; at < bytes.length; at += pieceBytes) await writer.write(bytes.subarray(at, at + pieceBytes));
  await writer.end();
}
