import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { encodeCanonical } from '@serment/core/cbor';
import { sha256 } from '@serment/core/hash';
import { encodeDraftWrite } from '@serment/core/wire/draft';
import { encodeUploadClose, encodeUploadRequest, parseUploadAnswer } from '@serment/core/wire/upload';
import { type Answer, ask } from '../../../apps/server/test/test-app.ts';
import { recordsDraft, send } from '../../../packages/store/test/test-vault.ts';
import type { AccessScene } from './scene.ts';

/** What the victim has, one of each thing that paths name. */
export interface Held {
  /** Name in hexadecimal, by what paths call it. */
  readonly names: ReadonlyMap<string, string>;
  /** Bytes of it that nobody else may be answered. */
  readonly secrets: readonly Bytes[];
}

const distinctive = (text: string, sizeBytes: number): Bytes => {
  const block = sha256(new TextEncoder().encode(text));
  return Uint8Array.from({ length: sizeBytes }, (_, place) => (block[place % block.length] ?? 0) ^ (place >> 5));
};
/** The draft of the victim's slot, in its clear frame. */
export const draftOf = (revision: number): Bytes =>
  encodeCanonical([1, 'admin', 1, revision, distinctive('draft', 90)]);

/** Gives the victim a save in a stream, a document, an upload that is not closed, and a draft. */
export async function holdOneOfEach(scene: AccessScene): Promise<Held> {
  const { store, victim } = scene;
  const [payload, document, unfinished] = [
    distinctive('payload', 400),
    distinctive('document', 3000),
    distinctive('part', 10),
  ];
  const [stream, slot] = [distinctive('stream', 16), distinctive('slot', 16)];
  await send(store, victim, recordsDraft(victim, sha256(payload), { stream }), payload);
  const base = `/api/practices/${bytesToHex(victim.practice)}`;
  const start = async (bytes: Bytes): Promise<string> => {
    const body = encodeUploadRequest({ hash: sha256(bytes), size: bytes.length });
    const { upload } = parseUploadAnswer((await asOwner(scene, 'POST', `${base}/uploads`, body)).bytes);
    if (upload === null) throw new Error('The document was there already');
    return bytesToHex(upload);
  };
  const whole = `${base}/uploads/${await start(document)}`;
  await asOwner(scene, 'PUT', `${whole}/0`, document);
  await asOwner(scene, 'POST', whole, encodeUploadClose());
  const draft = encodeDraftWrite({ replaced: 0, draft: draftOf(1) });
  await asOwner(scene, 'PUT', `${base}/drafts/${bytesToHex(slot)}`, draft);
  return {
    names: new Map([
      ['stream', bytesToHex(stream)],
      ['hash', bytesToHex(sha256(document))],
      ['upload', await start(unfinished)],
      ['slot', bytesToHex(slot)],
    ]),
    secrets: [payload.slice(32, 64), document.slice(32, 64), distinctive('draft', 90).slice(32, 64)],
  };
}

async function asOwner(scene: AccessScene, method: 'POST' | 'PUT', path: string, body: Bytes): Promise<Answer> {
  const answer = await ask(scene.app, method, path, { token: await scene.ownToken(), body });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer;
}
