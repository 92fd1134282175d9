import { type Command, jsonOption } from '../command.ts';
import { bucketNamed, copiesOption } from '../copy-place.ts';
import { exits } from '../failure.ts';
import { everyOption, repeated } from '../repeated.ts';

const safe = 'Only tails were deleted that a bundle covers which was read back';

export const eraserCommand: Command = {
  name: 'eraser',
  summary: 'delete from a bucket the tails that full bundles cover',
  description:
    'Deletes, version by version, the tails of a copy whose lock has ended and whose entries and payloads stand in a full\nbundle that was read back under a proven checkpoint. It deletes nothing else: objects that an erasure supersedes are\nleft to their locks. It needs credentials of its own, which list, read and delete (docs/operations.md).',
  operands: { label: 'COPY', help: 'name of a bucket in the file of --copies', least: 1, most: 1 },
  options: [{ ...copiesOption, isRequired: true }, everyOption, jsonOption],
  exits: [
    [0, 'every tail whose lock has ended and that is covered was deleted'],
    [1, 'some whose lock has ended stay: not covered yet, damaged, or refused by the store'],
    [2, 'usage'],
    [3, 'cannot reach the bucket, or it has no Object Lock'],
  ],
  safe,
  async run(given, terminal) {
    const place = await bucketNamed(given, given.operands[0] ?? '', 'eraser');
    // Loaded here alone: what speaks to a bucket is large.
    const { eraseTails } = await import('@serment/store/copy/s3/eraser');
    const run = async () => {
      const report = await eraseTails(place, (tails) => terminal.progress('Deleting tails', tails));
      const { erased, erasedBytes, locked, kept } = report;
      terminal.result({ copy: place.name, ...report }, [
        `${erased} tails deleted (${(erasedBytes / 1e6).toFixed(1)} MB), ${locked} still locked, ${kept} kept: not covered, damaged or refused`,
      ]);
      return kept > 0 ? exits.findings : exits.done;
    };
    return repeated(given, terminal, { command: 'eraser', safe, run });
  },
};
