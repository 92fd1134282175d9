import { type Command, jsonOption, kitOption } from '../command.ts';
import { copiesOption, openCopyPlace } from '../copy-place.ts';
import { withCopyReading } from '../copy-reading.ts';
import { readKitFile } from '../kit-file.ts';
import { exportExits, exportOptions, writeExport } from '../write-export.ts';

export const openCommand: Command = {
  name: 'open',
  summary: 'open a copy with the kit alone: no server, no database',
  description:
    'Reads a copy with the recovery kit, without server or database, and writes exactly what `serment export` writes.\nEvery entry is verified on the way.',
  operands: { label: 'COPY', help: 'folder of the copy, or its name in the file of --copies', least: 1, most: 1 },
  options: [kitOption, ...exportOptions, copiesOption, jsonOption],
  exits: exportExits,
  safe: 'The copy is as it was, and nothing was put at --out',
  async run(given, terminal) {
    const { kit } = await readKitFile(given.text('kit'));
    const destination = await openCopyPlace(given, given.operands[0] ?? '');
    try {
      return await writeExport(given, terminal, (use) => withCopyReading({ destination, kit, terminal }, use));
    } finally {
      await destination.close();
    }
  },
};
