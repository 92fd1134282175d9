import { type Bytes, bytesToHex, utf8ToBytes } from '../../packages/core/src/bytes.ts';
import { sha256 } from '../../packages/core/src/hash.ts';
import type { Entry } from '../../packages/core/src/journal/entry.ts';
import type { Draft } from '../../packages/core/test/journal/practice-fixture.ts';
import { signerNamed } from '../../packages/core/test/journal/signer.ts';
import type { Expected, JournalItem, JournalMaker } from './journals.ts';

const nowhere = sha256(utf8ToBytes('an entry that nobody has'));
const records = { kind: 'records', binding: false } as const;

/** Copies of a journal that have lost entries: the hashes of those stand, and nothing else of them. */
export async function addLosses(maker: JournalMaker): Promise<void> {
  const scene = await makeScene(maker);
  addLostRecords(scene);
  await addLostRights(scene);
  await addForged(scene);
}

type Scene = Awaited<ReturnType<typeof makeScene>>;

/** A phone that is named, writes, and is revoked; then new keys, and one more record. */
async function makeScene(maker: JournalMaker) {
  const { practice } = maker;
  const { device, founder } = practice;
  const phone = await signerNamed('serment vectors phone');
  const stream = practice.random(16);
  const at = async (entry: Promise<Entry>): Promise<number> => practice.entries.indexOf(await entry);
  const host = practice.entries.findIndex(({ header }) => header.kind === 'host');
  const phoneAt = await at(practice.append({ signer: device, body: await practice.deviceBody(founder, phone) }));
  const noteAt = await at(practice.appendRecords({ stream }));
  const byPhone = await at(practice.appendRecords({ signer: phone, stream }));
  const clinical = await at(practice.appendRecords({ compartment: 'clinical' }));
  const booking = { stream: practice.random(16), body: { kind: 'records', binding: true } } as const;
  const bookedAt = await at(practice.appendRecords(booking));
  await practice.appendRecords(booking);
  const late = await practice.statement({ signer: phone, stream, body: records });
  const revokeAt = await at(practice.append({ signer: device, body: practice.revokeBody(phone.author) }));
  const memberAt = await at(practice.append({ signer: device, body: practice.memberBody(founder, 'doctor') }));
  await practice.append({ signer: device, body: practice.epochBody('admin') });
  const grantAt = await at(practice.append({ signer: device, body: practice.grantBody('admin', founder) }));
  const last = await at(practice.appendRecords({ stream }));
  const all = practice.entries.map((_, index) => index);
  const places = { host, phoneAt, noteAt, byPhone, clinical, bookedAt, revokeAt, memberAt, grantAt, last };
  const note = await practice.checkpoint();
  return {
    ...{ maker, practice, stream, all, late, note, ...places },
    good: [{ note, findings: [] }],
    lose: (...lost: number[]): JournalItem[] => all.map((index) => (lost.includes(index) ? { lost: index } : index)),
    after: async (draft: Draft): Promise<Bytes> => maker.made(await practice.statement(draft)),
  };
}

function lossAt(first: number, ...more: number[]): Expected[] {
  return [
    [first, 'ENTRY_LOST', null],
    [first, 'RIGHTS_UNKNOWN', null],
    ...more.map((index): Expected => [index, 'ENTRY_LOST', null]),
  ];
}

function addLostRecords({ maker, all, lose, good, note, noteAt, clinical, bookedAt, last }: Scene): void {
  maker.add('a record that a copy has lost', lose(noteAt), lossAt(noteAt), good);
  maker.add('the last entry of a copy, lost', lose(last), lossAt(last), good);
  maker.add('an entry that the next one in its stream binds to, lost', lose(bookedAt), lossAt(bookedAt), good);
  maker.add(
    'two entries of one author, lost one after the other',
    lose(clinical, bookedAt),
    lossAt(clinical, bookedAt),
    good,
  );
  maker.add('a lost entry whose hash is another', [...all.slice(0, -1), { lost: bytesToHex(nowhere) }], lossAt(last), [
    { note, findings: [[null, 'ROOT_MISMATCH', 'root']] },
  ]);
}

async function addLostRights(scene: Scene): Promise<void> {
  const { maker, practice, stream, all, lose, good, note, late, after } = scene;
  const { host, phoneAt, byPhone, clinical, revokeAt, memberAt, grantAt, last } = scene;
  const { device, kit } = practice;
  maker.add(
    'a revocation that is lost, and the revoked device after it',
    [...lose(revokeAt), maker.made(late)],
    [...lossAt(revokeAt), [all.length, 'UNAUTHORIZED', 'AUTHOR_REVOKED']],
  );
  maker.add(
    'a revocation and the keys that follow it, lost, and the revoked device after them',
    [...lose(revokeAt, memberAt), maker.made(late)],
    [
      ...lossAt(revokeAt, memberAt),
      [grantAt, 'ENTRY_UNJUDGED', 'GENERATION_STALE'],
      [last, 'ENTRY_UNJUDGED', 'GRANT_MISSING'],
      [all.length, 'UNAUTHORIZED', 'EPOCH_STALE'],
    ],
  );
  maker.add(
    'a device that is lost',
    lose(phoneAt),
    [...lossAt(phoneAt), [byPhone, 'ENTRY_UNJUDGED', 'AUTHOR_UNKNOWN'], [revokeAt, 'ENTRY_UNJUDGED', 'REVOKE_UNKNOWN']],
    good,
  );
  maker.add(
    'a new host after a loss',
    lose(host - 1),
    [...lossAt(host - 1), [host, 'ENTRY_UNJUDGED', null], [host + 1, 'ENTRY_UNJUDGED', null]],
    [{ note, findings: [[null, 'CHECKPOINT_INVALID', null]] }],
  );
  maker.add('a grant of the genesis batch that is lost', lose(7), [
    ...lossAt(7),
    [host, 'ENTRY_UNJUDGED', null],
    [host + 1, 'ENTRY_UNJUDGED', null],
    [clinical, 'ENTRY_UNJUDGED', 'GRANT_MISSING'],
  ]);
  maker.add('the founder’s device, lost', lose(2), [
    ...lossAt(2),
    [host, 'ENTRY_UNJUDGED', null],
    [host + 1, 'ENTRY_UNJUDGED', null],
  ]);
  maker.add(
    'the founder’s device, lost, and the device itself once a member has revoked it',
    [
      ...lose(2),
      await after({ signer: kit, body: practice.revokeBody(device.author) }),
      await after({ signer: device, stream, body: records }),
    ],
    [
      ...lossAt(2),
      [host, 'ENTRY_UNJUDGED', null],
      [host + 1, 'ENTRY_UNJUDGED', null],
      [all.length + 1, 'UNAUTHORIZED', 'AUTHOR_REVOKED'],
    ],
  );
}

async function addForged({ maker, practice, stream, all, lose, after, noteAt, last }: Scene): Promise<void> {
  const { device, kit } = practice;
  const stranger = await signerNamed('serment vectors stranger');
  maker.add(
    'a stranger after a loss',
    [...lose(noteAt), await after({ signer: stranger, stream, body: records })],
    [...lossAt(noteAt), [all.length, 'ENTRY_UNJUDGED', 'AUTHOR_UNKNOWN']],
  );
  maker.add(
    'a stranger after a loss, under an epoch before the one that is known',
    [...lose(noteAt), await after({ signer: stranger, stream, body: records, epoch: 1 })],
    [...lossAt(noteAt), [all.length, 'UNAUTHORIZED', 'AUTHOR_UNKNOWN']],
  );
  maker.add(
    'an author that skips an entry, where none of its own can be lost',
    [...lose(noteAt), await after({ signer: device, stream, body: records, prev: nowhere })],
    [...lossAt(noteAt), [all.length, 'UNAUTHORIZED', 'PREV_STALE']],
  );
  const other = sha256(nowhere);
  const kitBody = practice.revokeBody(device.author);
  maker.add(
    'more entries that others name than are lost',
    [
      ...lose(last),
      await after({ signer: device, stream, body: records, prev: nowhere }),
      await after({ signer: kit, body: kitBody, prev: other }),
    ],
    [...lossAt(last), [all.length + 1, 'UNAUTHORIZED', 'PREV_STALE']],
  );
}
