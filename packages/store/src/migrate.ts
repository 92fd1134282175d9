import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { StoreError } from './error.ts';
import type { Database } from './postgres/connect.ts';

/** The role that serves requests, when the owner may create one or belongs to it. */
export const applicationRole = 'serment_app';
/** The role under which the host's operators are known, which sees nothing of practices, as the other nothing of them. */
export const operatorsRole = 'serment_operators';

/** The roles that the application must take; null for one where only the owner can be taken. */
export interface Roles {
  readonly application: string | null;
  readonly operators: string | null;
}

const folder = new URL('./migrations/', import.meta.url);
const fileName = /^(\d{4})-[a-z0-9-]+\.sql$/;
// Any number does, so long as every instance of Serment asks for the same.
const lockNumber = 7_367_013;

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly hash: string;
}

/**
 * Brings the schema up to this version, as its owner, in one transaction under a lock. Throws DATA_NEWER, having touched
 * nothing, for a database that a later version wrote; DATA_DAMAGED when an applied migration is not the one known here.
 * Answers with the roles that the application must take; where it can only be the owner itself, row-level security and
 * the append-only triggers, which bind the owner too, are what holds.
 */
export async function migrate(owner: Database): Promise<Roles> {
  const known = await readMigrations();
  const roles = {
    application: await ensureRole(owner, applicationRole),
    operators: await ensureRole(owner, operatorsRole),
  };
  await owner.begin(async (sql) => {
    await sql`SELECT pg_advisory_xact_lock(${lockNumber})`;
    const [found] = await sql<{ present: boolean }[]>`
      SELECT to_regclass('serment.migrations') IS NOT NULL AS present`;
    const applied = found?.present
      ? await sql<{ number: number; hash: string }[]>`SELECT number, hash FROM serment.migrations ORDER BY number`
      : [];
    for (const { number, hash } of applied) assertKnown(known, number, hash);
    if (!found?.present) await sql.unsafe(bookkeeping).simple();
    for (const migration of known.slice(applied.length)) {
      await sql.unsafe(migration.text).simple();
      const { number, name, hash } = migration;
      await sql`INSERT INTO serment.migrations (number, name, hash) VALUES (${number}, ${name}, ${hash})`;
    }
    if (roles.application !== null) await sql.unsafe(grants).simple();
    if (roles.operators !== null) await sql.unsafe(operatorsGrants).simple();
  });
  return roles;
}

const bookkeeping = `
  CREATE SCHEMA IF NOT EXISTS serment;
  CREATE TABLE serment.migrations (
    number integer PRIMARY KEY, name text NOT NULL, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
  );`;

// Granted anew at each start, so that a role made after the schema gets the same.
const grants = `
  GRANT USAGE ON SCHEMA serment TO ${applicationRole};
  REVOKE ALL ON ALL TABLES IN SCHEMA serment FROM ${applicationRole};
  GRANT SELECT ON serment.migrations TO ${applicationRole};
  GRANT SELECT, INSERT ON serment.entries, serment.tiles, serment.blobs TO ${applicationRole};
  GRANT SELECT, INSERT, UPDATE ON serment.practices TO ${applicationRole};
  GRANT SELECT, UPDATE ON serment.account_state TO ${applicationRole};
  GRANT SELECT, INSERT, UPDATE ON serment.alerts, serment.alert_notices, serment.alert_channels, serment.proofs
    TO ${applicationRole};
  GRANT SELECT, INSERT, DELETE ON serment.disk_samples, serment.suspensions, serment.retired_copies
    TO ${applicationRole};
  GRANT SELECT, INSERT, UPDATE, DELETE ON serment.activity TO ${applicationRole};
  GRANT SELECT, INSERT, UPDATE, DELETE ON serment.governance, serment.pending_fetches, serment.drafts,
    serment.uploads, serment.accounts, serment.sessions, serment.codes, serment.gates, serment.pins,
    serment.sign_in_alarms, serment.cosignatures, serment.size_samples, serment.lag_samples,
    serment.drill_runs TO ${applicationRole};`;

// No program that serves requests adds an operator or removes one, nor gives one another name.
const operatorsGrants = `
  GRANT USAGE ON SCHEMA serment_operators TO ${operatorsRole};
  REVOKE ALL ON ALL TABLES IN SCHEMA serment_operators FROM ${operatorsRole};
  GRANT SELECT, UPDATE (enrolment_hash, enrolment_expires, credential, public_key, counter, password_salt,
    password_hash, totp_secret, totp_step) ON serment_operators.operators TO ${operatorsRole};
  GRANT SELECT, INSERT, UPDATE, DELETE ON serment_operators.sessions TO ${operatorsRole};`;

function assertKnown(known: readonly Migration[], number: number, hash: string): void {
  const migration = known.find((one) => one.number === number);
  if (migration === undefined) {
    throw new StoreError('DATA_NEWER', 'A newer version of Serment wrote this database', {
      fields: { migration: number, known: known.length },
      hint: 'Start the version of Serment that wrote it, or a later one.',
    });
  }
  if (migration.hash === hash) return;
  throw new StoreError('DATA_DAMAGED', 'The database was made by another form of this migration', {
    fields: { migration: number },
    hint: 'Start the version of Serment that wrote it, or restore a copy into a new database.',
  });
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => fileName.test(name)).sort();
  return Promise.all(
    names.map(async (name, place) => {
      const number = Number(fileName.exec(name)?.[1]);
      if (number !== place + 1) throw new TypeError('Migrations are numbered from 1, without gap');
      const text = await readFile(new URL(name, folder), 'utf8');
      return { number, name, text, hash: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/** The role, made when the owner may; null where the owner cannot take it. */
export async function ensureRole(owner: Database, role: string): Promise<string | null> {
  const [me] = await owner<{ may_create: boolean; present: boolean }[]>`
    SELECT rolsuper OR rolcreaterole AS may_create,
      EXISTS (SELECT FROM pg_roles WHERE rolname = ${role}) AS present
    FROM pg_roles WHERE rolname = current_user`;
  if (me?.may_create && !me.present) {
    // Databases of one server share their roles: another one may have made it in the meantime.
    await owner
      .unsafe(`DO $$ BEGIN
      CREATE ROLE ${role} NOLOGIN;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END $$; GRANT ${role} TO CURRENT_USER;`)
      .simple();
  }
  const [member] = await owner<{ may_become: boolean }[]>`
    SELECT COALESCE((SELECT pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = ${role}), false)
      AS may_become`;
  return member?.may_become ? role : null;
}
