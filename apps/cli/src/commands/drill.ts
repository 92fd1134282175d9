import { bytesToHex } from '@serment/core/bytes';
import { runDrill } from '@serment/store/copy/drill';
import { openScratchStore } from '@serment/store/copy/scratch-store';
import { type Command, jsonOption } from '../command.ts';
import { copiesOption, openCopyPlace } from '../copy-place.ts';
import { exits } from '../failure.ts';
import { whenInterrupted } from '../interruption.ts';
import { textTable } from '../table.ts';

export const drillCommand: Command = {
  name: 'drill',
  summary: 'prove a copy by restoring it into a scratch database',
  description:
    'Restores a copy with the code that restores for good into an empty database that is destroyed afterwards, recomputes\nroots, signatures and documents from that database, and says: proven, failed or inconclusive.',
  operands: null,
  options: [
    { name: 'from', value: 'COPY', help: 'folder of the copy, or its name in the file of --copies', isRequired: true },
    { name: 'practice', value: 'ID', help: 'this practice alone, in hexadecimal' },
    { name: 'scratch', value: 'DIR', help: 'where the scratch database is made (default: the temporary folder)' },
    copiesOption,
    jsonOption,
  ],
  exits: [
    [0, 'proven'],
    [1, 'failed or inconclusive: the report says why'],
    [2, 'usage'],
    [3, 'cannot reach the copy, or no copy there'],
    [5, 'damaged: nothing of the copy can be restored'],
  ],
  safe: 'The copy is as it was: a drill only reads it',
  async run(given, terminal) {
    const copy = given.text('from');
    const destination = await openCopyPlace(given, copy);
    const practice = given.optional('practice');
    let stopScratch = (): Promise<void> => Promise.resolve();
    const release = whenInterrupted(() => stopScratch());
    try {
      terminal.progress('Restoring into a scratch database', 0);
      const results = await runDrill({
        destination,
        openScratch: async () => {
          const sink = await openScratchStore(given.optional('scratch') ?? undefined);
          stopScratch = () => sink.close();
          return sink;
        },
        ...(practice === null ? {} : { practice }),
      });
      const isProven = results.every(({ outcome }) => outcome === 'proven');
      const isLost = results.some(({ codes }) => codes.includes('COPY_NOTHING_READABLE'));
      terminal.result(
        {
          copy,
          outcome: isProven
            ? 'proven'
            : results.some(({ outcome }) => outcome === 'failed')
              ? 'failed'
              : 'inconclusive',
          practices: results.map((result) => ({ ...result, root: bytesToHex(result.root), codes: [...result.codes] })),
        },
        textTable(
          ['practice', 'outcome', 'entries', 'documents', 'root', 'ms', 'found'],
          results.map((result) => [
            result.practice.slice(0, 16),
            result.outcome,
            result.entries,
            result.blobs,
            bytesToHex(result.root).slice(0, 16),
            result.durationMs,
            [...new Set(result.codes)].join(' '),
          ]),
        ),
      );
      if (isLost) return exits.damaged;
      return isProven ? exits.done : exits.findings;
    } finally {
      release();
      await destination.close();
    }
  },
};
