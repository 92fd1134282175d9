import { type Bytes, bytesToHex } from '@serment/core/bytes';
import { encodeCanonical } from '@serment/core/cbor';
import { sha256 } from '@serment/core/hash';
import { encodeDraftWrite } from '@serment/core/wire/draft';
import {
  encodeEnrolmentStart,
  encodeEnrolmentTake,
  encodeNewcomerRevealed,
  encodeOpenerAnswer,
  type NewcomerRevealed,
  parseEnrolmentBegun,
} from '@serment/core/wire/enrolment';
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
  /** Another enrolment that the victim's doctor took up, revealed and not ended, in the place of the last. */
  renewEnrolment(): Promise<void>;
}

const distinctive = (text: string, sizeBytes: number): Bytes => {
  const block = sha256(new TextEncoder().encode(text));
  return Uint8Array.from({ length: sizeBytes }, (_, place) => (block[place % block.length] ?? 0) ^ (place >> 5));
};
/** The draft of the victim's slot, in its clear frame. */
export const draftOf = (revision: number): Bytes =>
  encodeCanonical([1, 'admin', 1, revision, distinctive('draft', 90)]);

/** What the device that is being added revealed. */
export const newcomer: NewcomerRevealed = {
  ...{ author: distinctive('newcomer', 32), recipient: distinctive('recipient', 1216) },
  ...{ nonce: distinctive('newcomer nonce', 32), proof: distinctive('proof', 64) },
};

/** Gives the victim a save in a stream, a document, an open upload, a draft, and a device about to be added. */
export async function holdOneOfEach(scene: AccessScene): Promise<Held> {
  const { store, victim } = scene;
  const [payload, document, unfinished] = [
    distinctive('payload', 400),
    distinctive('document', 3000),
    distinctive('part', 10),
  ];
  const [stream, slot] = [distinctive('stream', 16), distinctive('slot', 16)];
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
  const blobs = [{ hash: sha256(document), size: document.length }];
  await send(store, victim, recordsDraft(victim, sha256(payload), { stream, blobs }), payload);
  await scene.copied();
  const draft = encodeDraftWrite({ replaced: 0, draft: draftOf(1) });
  await asOwner(scene, 'PUT', `${base}/drafts/${bytesToHex(slot)}`, draft);
  const names = new Map([
    ['stream', bytesToHex(stream)],
    ['hash', bytesToHex(sha256(document))],
    ['upload', await start(unfinished)],
    ['slot', bytesToHex(slot)],
    ['reference', await enrolmentTaken(scene)],
  ]);
  return {
    names,
    secrets: [payload.slice(32, 64), document.slice(32, 64), distinctive('draft', 90).slice(32, 64), newcomer.nonce],
    async renewEnrolment() {
      names.set('reference', await enrolmentTaken(scene));
    },
  };
}

/** The reference of an enrolment that a device of nobody began, and that the victim's doctor is about to approve. */
async function enrolmentTaken(scene: AccessScene): Promise<string> {
  const begun = await asOwner(scene, 'POST', '/api/enrolments', encodeEnrolmentStart(distinctive('commitment', 32)));
  const { enrolment, reference } = parseEnrolmentBegun(begun.bytes);
  const path = `/api/practices/${bytesToHex(scene.victim.practice)}/enrolments/${bytesToHex(reference)}`;
  await asOwner(scene, 'POST', path, encodeEnrolmentTake());
  await asOwner(scene, 'PUT', path, encodeOpenerAnswer({ nonce: distinctive('opener', 32), tag: null }));
  await asOwner(scene, 'PUT', `/api/enrolments/${bytesToHex(enrolment)}`, encodeNewcomerRevealed(newcomer));
  return bytesToHex(reference);
}

async function asOwner(scene: AccessScene, method: 'POST' | 'PUT', path: string, body: Bytes): Promise<Answer> {
  const answer = await ask(scene.app, method, path, { token: await scene.ownToken(), body });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer;
}
