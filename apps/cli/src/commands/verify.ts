import { bytesToHex } from '@serment/core/bytes';
import { type CopyReport, verifyCopy } from '@serment/store/copy/verify';
import { type Command, jsonOption } from '../command.ts';
import { copiesOption, openCopyPlace } from '../copy-place.ts';
import { exits } from '../failure.ts';
import { findingJson, findingLines } from '../finding-lines.ts';
import { instantText, textTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'recompute a copy from itself alone, and report what is wrong',
  description:
    'Recomputes names, bundles, trees, indexes, payloads, documents, signatures, rights, checkpoints and tails of a copy\nfrom the copy alone, without any key. Goes on after each finding.',
  operands: { label: 'COPY', help: 'folder of the copy, or its name in the file of --copies', least: 1, most: 1 },
  options: [{ name: 'practice', value: 'ID', help: 'this practice alone, in hexadecimal' }, copiesOption, jsonOption],
  exits: [
    [0, 'the copy is whole'],
    [1, 'findings: some of it is damaged or missing'],
    [2, 'usage'],
    [3, 'cannot reach the copy, or no copy there'],
    [5, 'damaged: nothing of the copy can be proven, or another format'],
  ],
  safe: 'The copy is as it was: verifying only reads',
  async run(given, terminal) {
    const destination = await openCopyPlace(given, given.operands[0] ?? '');
    const practice = given.optional('practice');
    try {
      const report = await verifyCopy(destination, {
        ...(practice === null ? {} : { practice }),
        onProgress: ({ objects, entries }) => terminal.progress(`Verifying: ${objects} objects, entries`, entries),
      });
      return tell(terminal, report, given.operands[0] ?? '');
    } finally {
      await destination.close();
    }
  },
};

function tell(terminal: Terminal, report: CopyReport, copy: string): number {
  const { practices, findings, damages, notices, objects, bytes, durationMs } = report;
  const rows = practices.map((one) => [
    one.practice.slice(0, 16),
    one.fence,
    one.size,
    bytesToHex(one.root).slice(0, 16),
    instantText(one.receivedAt),
  ]);
  const megabytesPerSecond = Math.round(bytes / 1e4 / Math.max(durationMs / 1000, 0.001)) / 100;
  const isLost = damages > 0 && practices.every(({ size }) => size === 0);
  const words = damages === 0 ? 'whole' : isLost ? 'nothing of it can be proven' : `${damages} damages`;
  terminal.result(
    {
      ...{ copy, practices: practices.map((one) => ({ ...one, root: bytesToHex(one.root) })) },
      findings: findings.map(findingJson),
      ...{ damages, notices, objects, bytes, durationMs: Math.round(durationMs), megabytesPerSecond },
    },
    [
      ...textTable(['practice', 'fence', 'entries', 'root', 'last entry'], rows),
      ...findingLines(findings, damages + notices),
      `${objects} objects, ${(bytes / 1e6).toFixed(1)} MB in ${(durationMs / 1000).toFixed(1)} s: ${words}${notices === 0 ? '' : `, ${notices} notices`}`,
    ],
  );
  if (isLost) return exits.damaged;
  return damages > 0 ? exits.findings : exits.done;
}
