import { resolve } from 'node:path';
import { bytesToHex } from '@serment/core/bytes';
import { keepHeapSmall } from '@serment/store/copy/small-heap';
import { type CopyReport, type DroppedState, verifyCopy } from '@serment/store/copy/verify';
import { StateFolder } from '@serment/store/copy/verify-state';
import { type Command, jsonOption } from '../command.ts';
import { copiesOption, openCopyPlace } from '../copy-place.ts';
import { usageError } from '../error.ts';
import { exits } from '../failure.ts';
import { findingJson, findingLines, reachLines } from '../finding-lines.ts';
import { instantText, textTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'recompute a copy from itself alone, and report what is wrong',
  description:
    'Recomputes names, bundles, trees, indexes, payloads, documents, signatures, rights, checkpoints and tails of a copy\nfrom the copy alone, without any key. Goes on after each finding.\n\nWith --state, a verification that was cut goes on where it stood, and the next ones read what is new, on top of what\nthe last one proved: they say since when the rest was not read again. What was damaged is always read again. With\n--reread, every byte is read and hashed again, and signatures and rights, which follow from the bytes under a root, are\njudged only of what is new or not as it was: it says since when the rest was not judged again. Keep the folder where\nthe copy’s keeper cannot write.',
  operands: { label: 'COPY', help: 'folder of the copy, or its name in the file of --copies', least: 1, most: 1 },
  options: [
    { name: 'practice', value: 'ID', help: 'this practice alone, in hexadecimal' },
    { name: 'state', value: 'DIR', help: 'folder that keeps how far verifications of this copy came' },
    { name: 'reread', help: 'read and hash everything again, under the roots that --state holds as judged' },
    { name: 'full', help: 'read and judge everything again, whatever --state says' },
    ...[copiesOption, jsonOption],
  ],
  exits: [
    [0, 'the copy is whole'],
    [1, 'findings: some of it is damaged or missing'],
    [2, 'usage'],
    [3, 'cannot reach the copy, or no copy there; cannot write the folder of --state'],
    [5, 'damaged: nothing of the copy can be proven, or another format'],
  ],
  safe: 'The copy is as it was: verifying only reads',
  async run(given, terminal) {
    keepHeapSmall();
    const destination = await openCopyPlace(given, given.operands[0] ?? '');
    const practice = given.optional('practice');
    const state = given.optional('state');
    if (given.has('reread') && state === null) throw usageError('--reread needs the folder of --state', 'verify');
    try {
      const report = await verifyCopy(destination, {
        ...(practice === null ? {} : { practice }),
        ...(state === null ? {} : { state: await StateFolder.open(resolve(state)) }),
        ...{ isFull: given.has('full'), isReread: given.has('reread') && !given.has('full') },
        onProgress: ({ objects, entries }) => terminal.progress(`Verifying: ${objects} objects, entries`, entries),
      });
      return tell(terminal, report, given.operands[0] ?? '');
    } finally {
      await destination.close();
    }
  },
};

const reasons: Readonly<Record<DroppedState['reason'], string>> = {
  damaged: 'it was damaged or of another release, and was not built upon',
  'other-practice': 'it was of another choice of practices, and was not built upon',
  'other-bytes': 'it was not of the copy as it is now, and was not built upon',
  'restored-since': 'the vault was restored since, and its journal was read again',
};

/** What was read when: nothing is told as verified now that was not read now. */
function readingLines({ kind, readSince, judgedSince, practices }: CopyReport): string[] {
  const since = instantText(readSince);
  if (kind === 'full') return [];
  if (kind === 'reread')
    return [
      `Every byte was read and hashed now. Signatures and rights of what is as it was were judged from ${instantText(judgedSince)} on, and not again: --full does.`,
    ];
  if (kind === 'resumed') return [`A whole reading that was cut is finished: it began ${since}.`];
  const entries = practices.reduce((sum, { size, readFrom }) => sum + Math.max(0, size - readFrom), 0);
  return [
    `${entries} entries and what belongs to them were read now. The rest was last read in full from ${since} on, and was not read again: --full does.`,
  ];
}

function tell(terminal: Terminal, report: CopyReport, copy: string): number {
  const { kind, readSince, judgedSince, dropped, practices, findings, damages, notices, reach } = report;
  const { objects, bytes, durationMs } = report;
  const rows = practices.map((one) => [
    one.practice.slice(0, 16),
    one.fence,
    one.size,
    bytesToHex(one.root).slice(0, 16),
    instantText(one.receivedAt),
  ]);
  const megabytesPerSecond = Math.round(bytes / 1e4 / Math.max(durationMs / 1000, 0.001)) / 100;
  const isLost = damages > 0 && practices.every(({ size }) => size === 0);
  const whole = kind === 'incremental' ? 'what was read is whole' : 'whole';
  const words = damages === 0 ? whole : isLost ? 'nothing of it can be proven' : `${damages} damages`;
  terminal.result(
    {
      ...{ copy, kind, readSince, judgedSince, dropped: dropped.map((one) => ({ ...one })) },
      practices: practices.map((one) => ({ ...one, root: bytesToHex(one.root) })),
      findings: findings.map(findingJson),
      reach: reach.map((one) => ({ ...one })),
      ...{ damages, notices, objects, bytes, durationMs: Math.round(durationMs), megabytesPerSecond },
    },
    [
      ...textTable(['practice', 'fence', 'entries', 'root', 'last entry'], rows),
      ...findingLines(findings, damages + notices),
      ...reachLines(reach),
      ...dropped.map(({ practice, reason }) => `· --state ${practice?.slice(0, 16) ?? ''}: ${reasons[reason]}`),
      ...readingLines(report),
      `${objects} objects, ${(bytes / 1e6).toFixed(1)} MB in ${(durationMs / 1000).toFixed(1)} s: ${words}${notices === 0 ? '' : `, ${notices} notices`}`,
    ],
  );
  if (isLost) return exits.damaged;
  return damages > 0 ? exits.findings : exits.done;
}
