import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

// A product that does not listen when a name could not be given.
const { link } = fs;
Object.assign(fs, { link: (from: string, to: string) => link(from, to).catch(() => undefined) });
syncBuiltinESMExports();
