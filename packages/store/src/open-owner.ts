import { databaseError } from './database-scope.ts';
import { StoreError } from './error.ts';
import { migrate } from './migrate.ts';
import { type Database, openDatabase, refuseUnfitDatabase } from './postgres/connect.ts';
import { findRunningUrl, startEmbeddedPostgres } from './postgres/embedded.ts';

/** Where the schema is: a data folder, whose database is started unless a server has it, or a PostgreSQL of its own. */
export type OwnerPlace = { readonly dataDir: string } | { readonly databaseUrl: string };

/**
 * Runs something as the owner of the schema, brought up to date, beside a server that runs or without one. Throws what
 * `startEmbeddedPostgres` and `migrate` throw, and DATABASE_UNAVAILABLE.
 */
export async function asOwner<Result>(place: OwnerPlace, run: (owner: Database) => Promise<Result>): Promise<Result> {
  await using undo = new AsyncDisposableStack();
  const url = 'databaseUrl' in place ? place.databaseUrl : await urlAt(place.dataDir, undo);
  const owner = openDatabase({ url, applicationName: 'serment-operator', maxConnections: 1 });
  undo.defer(() => owner.end({ timeout: 5 }));
  try {
    await refuseUnfitDatabase(owner);
    await migrate(owner);
    return await run(owner);
  } catch (cause) {
    throw databaseError(cause);
  }
}

/** The address of the database of a server that runs, for who works beside it. */
export async function findOwnerUrl(place: OwnerPlace): Promise<string> {
  return 'databaseUrl' in place ? place.databaseUrl : findRunningUrl(place.dataDir);
}

async function urlAt(dataDir: string, undo: AsyncDisposableStack): Promise<string> {
  try {
    const postgres = await startEmbeddedPostgres({ dataDir });
    undo.defer(() => postgres.stop());
    return postgres.url;
  } catch (cause) {
    if (!(cause instanceof StoreError && cause.code === 'DATA_IN_USE')) throw cause;
    return findRunningUrl(dataDir);
  }
}
