import { type Command, jsonOption, kitOption, serverOption } from '../command.ts';
import { readKitFile } from '../kit-file.ts';
import { transportTo } from '../server-address.ts';
import { withServerReading } from '../server-reading.ts';
import { exportExits, exportOptions, writeExport } from '../write-export.ts';

export const exportCommand: Command = {
  name: 'export',
  summary: 'write a practice out as FHIR, documents and readable pages',
  description:
    'Writes everything that the kit can read into a folder: a FHIR bundle, a readable page and the documents of each\npatient, what belongs to none, and an index. The kit reads and writes nothing; the host keeps a trace of it.',
  operands: null,
  options: [serverOption, kitOption, ...exportOptions, jsonOption],
  exits: exportExits,
  safe: 'The vault is as it was, and nothing was put at --out',
  async run(given, terminal) {
    const transport = transportTo(given.text('server'));
    const { text: kitText } = await readKitFile(given.text('kit'));
    return writeExport(given, terminal, (use) => withServerReading({ transport, kitText, terminal }, use));
  },
};
