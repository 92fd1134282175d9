import type { Entry } from '../../packages/core/src/journal/entry.ts';
import { statementToEntry } from '../../packages/core/src/journal/entry.ts';
import type { Expected, JournalItem, JournalMaker } from './journals.ts';

const records = { kind: 'records', binding: false } as const;

/** Journals with members who may act from a day on, devices that were stopped, and copies that have lost such entries. */
export async function addStanding(maker: JournalMaker): Promise<void> {
  const { practice } = maker;
  const { device: doctor } = practice;
  const { member, device: desk } = await practice.addMember('desk', ['admin']);
  const at = async (entry: Promise<Entry>): Promise<number> => practice.entries.indexOf(await entry);
  const stream = practice.random(16);
  const freezeAt = await at(practice.append({ signer: doctor, body: practice.freezeBody(desk.author) }));
  const frozen = await practice.statement({ signer: desk, stream, body: records });
  const self = await practice.statement({ signer: desk, body: practice.freezeBody(desk.author, false) });
  const freedAt = await at(practice.append({ signer: doctor, body: practice.freezeBody(desk.author, false) }));
  const savedAt = await at(practice.appendRecords({ signer: desk, stream }));
  const until = practice.clock() + 100_000;
  const term = { kind: 'term', member, from: until - 200_000, until } as const;
  const termAt = await at(practice.append({ signer: doctor, body: term }));
  const late = await practice.statement({ signer: desk, stream, body: records });
  const liftedAt = await at(practice.append({ signer: doctor, body: { ...term, until: null } }));
  const afterAt = await at(practice.appendRecords({ signer: desk, stream, receivedAt: until + 1 }));
  const all = practice.entries.map((_, index) => index);
  const good = [{ note: await practice.checkpoint(), findings: [] }];
  const before = (index: number) => all.slice(0, index);
  const lose = (...lost: number[]): JournalItem[] =>
    all.map((index) => (lost.includes(index) ? { lost: index } : index));
  const loss = (index: number): Expected[] => [
    [index, 'ENTRY_LOST', null],
    [index, 'RIGHTS_UNKNOWN', null],
  ];

  maker.add('a device that was stopped and freed, a term that was given and lifted', all, [], good);
  maker.add(
    'a stopped device that writes, and that frees itself',
    [...before(freedAt), maker.made(frozen), maker.made(self), ...all.slice(freedAt, savedAt)],
    [
      [freedAt, 'UNAUTHORIZED', 'AUTHOR_FROZEN'],
      [freedAt + 1, 'UNAUTHORIZED', 'AUTHOR_FROZEN'],
      [freedAt + 2, 'TIME_DECREASES', null],
    ],
  );
  const received = (receivedAt: number) => statementToEntry(late, receivedAt).bytes;
  maker.add('a member on the last millisecond of its term', [...before(liftedAt), received(until - 1)], []);
  maker.add(
    'a member whose term has ended',
    [...before(liftedAt), received(until)],
    [[liftedAt, 'UNAUTHORIZED', 'TERM_OUTSIDE']],
  );
  maker.add('a lost freeze', lose(freezeAt), [...loss(freezeAt), [freedAt, 'ENTRY_UNJUDGED', 'FREEZE_UNKNOWN']], good);
  maker.add(
    'a lost end of a freeze',
    lose(freedAt),
    [...loss(freedAt), [savedAt, 'ENTRY_UNJUDGED', 'AUTHOR_FROZEN'], [afterAt, 'ENTRY_UNJUDGED', 'AUTHOR_FROZEN']],
    good,
  );
  maker.add('a lost term', lose(termAt), loss(termAt), good);
  maker.add(
    'a lost end of a term',
    lose(liftedAt),
    [...loss(liftedAt), [afterAt, 'ENTRY_UNJUDGED', 'TERM_OUTSIDE']],
    good,
  );
}
