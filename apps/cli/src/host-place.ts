import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { OwnerPlace } from '@serment/store/open-owner';
import type { Given, Option } from './command.ts';
import { CliError, usageError } from './error.ts';

export const databaseOption: Option = {
  name: 'database-url',
  value: 'URL',
  help: 'PostgreSQL of the host instead (or DATABASE_URL)',
};

/**
 * Where the host's data is, by --data or --database-url. A folder that is not there is a mistake: no data folder is made for
 * the sake of a question. Throws USAGE, PATH_MISSING.
 */
export async function placeOf(given: Given): Promise<OwnerPlace> {
  const [data, url] = [given.optional('data'), given.optional('database-url')];
  if (data !== null && url !== null) throw usageError('--data and --database-url are given together');
  const databaseUrl = url ?? (data === null ? process.env.DATABASE_URL || null : null);
  if (databaseUrl !== null) return { databaseUrl };
  if (data === null) throw usageError('--data DIR is needed, or --database-url URL');
  const dataDir = resolve(data);
  const isThere = await access(join(dataDir, 'serment.json')).then(
    () => true,
    () => false,
  );
  if (isThere) return { dataDir };
  throw new CliError('PATH_MISSING', 'There is no data folder of Serment', {
    hint: 'Give the folder that `serment start --data` serves; start it once first.',
  });
}
