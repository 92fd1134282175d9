import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { migrate } from '../src/migrate.ts';
import { type Database, openDatabase } from '../src/postgres/connect.ts';
import { rejects } from './rejects.ts';
import { openTestVault, type TestVault } from './test-vault.ts';

let vault: TestVault;
let owner: Database;
before(async () => {
  vault = await openTestVault();
  owner = openDatabase({ url: vault.postgres.url, maxConnections: 4 });
});
after(async () => {
  await owner.end();
  await vault.close();
});

const fresh = async (name: string) => {
  await owner.unsafe(`CREATE DATABASE ${name}`);
  return openDatabase({ url: vault.postgres.url.replace('/postgres?', `/${name}?`), maxConnections: 4 });
};
const applied = (database: Database) => database`SELECT number, name, hash FROM serment.migrations ORDER BY number`;

describe('migrating', () => {
  it('changes nothing the second time', async () => {
    const first = [...(await applied(owner))];
    await migrate(owner);
    assert.deepEqual([...(await applied(owner))], first);
  });

  it('is done once when several servers start at the same time', async () => {
    const database = await fresh('together');
    try {
      await Promise.all([migrate(database), migrate(database), migrate(database)]);
      assert.equal((await applied(database)).length, (await applied(owner)).length);
    } finally {
      await database.end();
    }
  });

  it('touches nothing in a database that a later version wrote', async () => {
    const database = await fresh('later');
    try {
      await migrate(database);
      await database`INSERT INTO serment.migrations (number, name, hash) VALUES (9999, 'later', 'x')`;
      await database`REVOKE ALL ON serment.entries FROM serment_app`;
      await rejects(migrate(database), 'DATA_NEWER');
      const [may] = await database`SELECT has_table_privilege('serment_app', 'serment.entries', 'SELECT') AS may`;
      assert.equal(may?.may, false);
    } finally {
      await database.end();
    }
  });

  it('refuses a database made by another form of a migration', async () => {
    const database = await fresh('another');
    try {
      await migrate(database);
      await database`UPDATE serment.migrations SET hash = 'x' WHERE number = 1`;
      await rejects(migrate(database), 'DATA_DAMAGED');
    } finally {
      await database.end();
    }
  });
});
