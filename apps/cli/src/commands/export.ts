import { accessOptions, withAccess } from '../access.ts';
import { type Command, jsonOption } from '../command.ts';
import { withServerReading } from '../server-reading.ts';
import { exportExits, exportOptions, writeExport } from '../write-export.ts';

export const exportCommand: Command = {
  name: 'export',
  summary: 'write a practice out as FHIR, documents and readable pages',
  description:
    'Writes everything that your device, or the kit, can read into a folder: a FHIR bundle, a readable page and the documents\nof each patient, what belongs to none, and an index. Nothing is written in the vault; the host keeps a trace of it.',
  operands: null,
  options: [...accessOptions, ...exportOptions, jsonOption],
  exits: exportExits,
  safe: 'The vault is as it was, and nothing was put at --out',
  async run(given, terminal) {
    return writeExport(given, terminal, (use) =>
      withAccess(given, { terminal, command: 'export' }, (access) => withServerReading(access, terminal, use)),
    );
  },
};
