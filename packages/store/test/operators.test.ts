import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { equalBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { asHost, asOperators, inPractice } from '../src/database-scope.ts';
import { HostedPractices } from '../src/hosted.ts';
import { operatorsRole } from '../src/migrate.ts';
import { asOwner } from '../src/open-owner.ts';
import { addOperator, listOperators, removeOperator } from '../src/operator-list.ts';
import { type Database, openDatabase } from '../src/postgres/connect.ts';
import { noteAlarm } from '../src/sign-in/alarms.ts';
import { openAs, openStore } from '../src/store.ts';
import { rejects } from './rejects.ts';
import { openTestVault, recordsDraft, send, type TestVault } from './test-vault.ts';

let vault: TestVault;
/** What the server knows operators through. */
let operators: Database;
const now = 1_900_000_000_000;
before(async () => {
  vault = await openTestVault();
  await vault.createPractice('a');
  operators = openAs(operatorsRole, { databaseUrl: vault.postgres.url, maxConnections: 1 });
});
after(async () => {
  await operators.end();
  await vault.close();
});

const asSchemaOwner = <Result>(run: (owner: Database) => Promise<Result>) =>
  asOwner({ databaseUrl: vault.postgres.url }, run);

describe('the operators’ role', () => {
  it('reaches nothing of practices', async () => {
    for (const table of ['entries', 'practices', 'accounts', 'sessions', 'drafts', 'sign_in_alarms', 'migrations'])
      for (const scope of [asOperators, asHost])
        await assert.rejects(
          scope(operators, (sql) => sql.unsafe(`SELECT 1 FROM serment.${table}`)),
          /permission denied for schema serment/,
        );
  });

  it('adds no operator, renames none and removes none', async () => {
    await asSchemaOwner((owner) => addOperator(owner, 'Camille Roux', now));
    for (const query of [
      `INSERT INTO serment_operators.operators (operator, name, created) VALUES ('\\x00', 'x', 0)`,
      `UPDATE serment_operators.operators SET name = 'x'`,
      'DELETE FROM serment_operators.operators',
    ])
      await assert.rejects(
        asOperators(operators, (sql) => sql.unsafe(query)),
        /permission denied/,
      );
  });
});

describe('the practices’ role', () => {
  it('reaches nothing of operators, whatever scope it claims', async () => {
    const { database } = vault.store;
    for (const table of ['operators', 'sessions'])
      for (const scope of [asOperators, asHost])
        await assert.rejects(
          scope(database, (sql) => sql.unsafe(`SELECT 1 FROM serment_operators.${table}`)),
          /permission denied for schema serment_operators/,
        );
  });
});

describe('where the owner is the only role', () => {
  it('row-level security keeps the two apart', async () => {
    const superuser = openDatabase({ url: vault.postgres.url, maxConnections: 1 });
    await superuser.unsafe('CREATE ROLE lone_owner LOGIN').simple();
    await superuser.unsafe('CREATE DATABASE lone OWNER lone_owner');
    await superuser.end();
    const databaseUrl = vault.postgres.url.replace('serment@', 'lone_owner@').replace('/postgres?', '/lone?');
    const { blobs, hostKeys } = vault.store;
    const store = await openStore({ databaseUrl, blobs, hostKeys });
    try {
      const own = await vault.createPractice('lone', store);
      await asOwner({ databaseUrl }, (owner) => addOperator(owner, 'Camille Roux', now));
      const count = (table: string) => `SELECT count(*)::int AS n FROM ${table}`;
      for (const table of ['serment.entries', 'serment.practices', 'serment.sessions']) {
        const [row] = await asOperators(store.database, (sql) => sql.unsafe(count(table)));
        assert.equal(row?.n, 0, table);
      }
      const [seen] = await inPractice(store.database, own.practice, (sql) =>
        sql.unsafe(count('serment_operators.operators')),
      );
      assert.equal(seen?.n, 0);
      const [known] = await asOperators(store.database, (sql) => sql.unsafe(count('serment_operators.operators')));
      assert.equal(known?.n, 1);
    } finally {
      await store.close();
    }
  });
});

describe('the list of operators', () => {
  it('is kept by the schema’s owner, names differing in more than their capitals', async () => {
    const first = await asSchemaOwner((owner) => addOperator(owner, 'Noé Lambert', now));
    assert.match(first.code, /^(?:[0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$/);
    const again = await asSchemaOwner((owner) => addOperator(owner, 'NOÉ LAMBERT', now));
    assert.deepEqual([first.isNew, again.isNew, again.name], [true, false, 'Noé Lambert']);
    const listed = await asSchemaOwner((owner) => listOperators(owner, now + 1));
    assert.deepEqual(
      listed.map(({ name, way, enrolsUntil }) => [name, way, enrolsUntil]),
      [
        ['Camille Roux', null, now + 3_600_000],
        ['Noé Lambert', null, now + 3_600_000],
      ],
    );
    assert.equal(await asSchemaOwner((owner) => removeOperator(owner, 'noé lambert')), 'Noé Lambert');
    await rejects(
      asSchemaOwner((owner) => removeOperator(owner, 'Noé Lambert')),
      'OPERATOR_UNKNOWN',
    );
  });

  it('refuses what would not be read as a name', async () => {
    for (const name of ['', ' ', ' a', 'a\nb', 'a\u202eb', '<b>', 'a'.repeat(65), '\u0000', '𠀀'.repeat(40)])
      await rejects(
        asSchemaOwner((owner) => addOperator(owner, name, now)),
        'OPERATOR_NAME_INVALID',
      );
  });
});

describe('a practice as its host sees it', () => {
  it('has the alarms of its sign-ins of seven days, its own alone, and what it weighs', async () => {
    const other = await vault.createPractice('b');
    const { database } = vault.store;
    let clock = now;
    await noteAlarm(database, other.practice, now);
    await noteAlarm(database, other.practice, now + 1000);
    const hosted = new HostedPractices({ database, clock: () => clock });
    const alarms = async () => {
      return (await hosted.list())
        .map(({ practice, alarms: count }) => [equalBytes(practice, other.practice), count])
        .toSorted();
    };
    assert.deepEqual(await alarms(), [
      [false, 0],
      [true, 2],
    ]);
    clock += 7 * 24 * 3_600_000 + 500;
    assert.deepEqual((await alarms())[1], [true, 1]);
    const before = (await hosted.list()).find(({ practice }) => equalBytes(practice, other.practice));
    await send(vault.store, other, recordsDraft(other, sha256(new Uint8Array(300))), new Uint8Array(300));
    const after = (await hosted.list()).find(({ practice }) => equalBytes(practice, other.practice));
    const afresh = await new HostedPractices({ database, clock: () => clock }).list();
    assert.equal(after?.entries, (before?.entries ?? 0) + 1);
    assert.ok((after?.bytes ?? 0) > (before?.bytes ?? 0) + 300);
    const whole = afresh.find(({ practice }) => equalBytes(practice, other.practice));
    assert.equal(after?.bytes, whole?.bytes, 'weighed in parts or whole');
    assert.equal((await hosted.list()).length, 2);
  });
});
