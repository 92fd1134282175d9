import { cpSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { sha256 } from '@serment/core/hash';
import { signCheckpoint } from '@serment/core/journal/checkpoint';
import type { SentEntry } from '@serment/core/wire/append';
import { createFolderBlobs } from '@serment/store/blob/folder-blobs';
import type { Destination } from '@serment/store/copy/destination';
import { folderDestination } from '@serment/store/copy/folder';
import { type CopyLogEvent, type Publisher, startPublisher } from '@serment/store/copy/publisher';
import { verifyCopy } from '@serment/store/copy/verify';
import { StateFolder } from '@serment/store/copy/verify-state';
import { writeDraft } from '@serment/store/drafts';
import { type HostKeys, loadOrCreateHostKeys } from '@serment/store/host-keys';
import { type Database, openDatabase } from '@serment/store/postgres/connect';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@serment/store/postgres/embedded';
import { openStore, type Store } from '@serment/store/store';
import type { TestPractice } from '../../../../packages/core/test/journal/practice-fixture.ts';
import { sampleDraft } from '../../../../packages/store/test/copy/copy-fixture.ts';
import { makeDataFolder } from '../../../../packages/store/test/made-data.ts';
import {
  makeOpaqueSetup,
  makeTestPractice,
  mirror,
  recordsDraft,
  sent,
} from '../../../../packages/store/test/test-vault.ts';

/** Size of the journal that `copy-behind` holds; what is saved next fills the first bundle of 256. */
const behindSize = 252;

export const draftSlot = hexToBytes('ab'.repeat(16));

/**
 * A small vault as it stood (`behind`) and as it stands (`live`), each with its copy, one of them damaged; and what an author
 * sends in between.
 */
export class FaultVault {
  readonly folder: string;
  readonly postgres: EmbeddedPostgres;
  readonly hostKeys: HostKeys;
  readonly steps: SentEntry[][] = [];
  /** What follows all of that, and was sent nowhere. */
  next: readonly SentEntry[] = [];
  document: Bytes = new Uint8Array(0);
  draft: Bytes = new Uint8Array(0);
  readonly #owner: Database;
  liveSize = 0;
  liveRoot: Bytes = new Uint8Array(32);
  #author: TestPractice | null = null;
  #prev: Bytes | null = null;
  #live: Promise<Store> | null = null;
  #databases = 0;

  private constructor(folder: string, postgres: EmbeddedPostgres, hostKeys: HostKeys) {
    this.folder = folder;
    this.postgres = postgres;
    this.hostKeys = hostKeys;
    this.#owner = openDatabase({ url: postgres.url, maxConnections: 2 });
  }

  /** Made in an empty folder. */
  static async make(folder: string): Promise<FaultVault> {
    const dataDir = join(folder, 'data');
    await makeDataFolder(dataDir);
    const postgres = await startEmbeddedPostgres({ dataDir });
    const vault = new FaultVault(
      folder,
      postgres,
      await loadOrCreateHostKeys(join(folder, 'host.key'), makeOpaqueSetup),
    );
    try {
      await vault.#fill();
      return vault;
    } catch (cause) {
      await vault.close();
      throw cause;
    }
  }

  get author(): TestPractice {
    if (this.#author === null) throw new RangeError('The vault has no practice yet');
    return this.#author;
  }

  get formatFolder(): string {
    return this.path('format');
  }

  get id(): string {
    return bytesToHex(this.author.practice);
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  /** A database of its own with the content of another. */
  async database(like: 'live' | 'empty' | 'behind'): Promise<string> {
    const name = `run${this.#databases++}`;
    await this.#owner.unsafe(`CREATE DATABASE ${name} TEMPLATE ${like}_vault STRATEGY file_copy`);
    return this.url(name);
  }

  url(name: string): string {
    return this.postgres.url.replace('/postgres?', `/${name}?`);
  }

  async drop(url: string): Promise<void> {
    await this.#owner.unsafe(`DROP DATABASE IF EXISTS ${new URL(url).pathname.slice(1)} WITH (FORCE)`);
  }

  get readUrl(): string {
    return this.url('read_vault');
  }

  /** The live side, for who only reads there. */
  get live(): Promise<Store> {
    this.#live ??= openVault(this, this.readUrl, this.path('blobs'));
    return this.#live;
  }

  async close(): Promise<void> {
    await (await this.#live)?.close();
    await this.#owner.end({ timeout: 5 });
    await this.postgres.stop();
  }

  async #fill(): Promise<void> {
    mkdirSync(this.formatFolder);
    for (const name of ['copy.md', 'reader.mjs']) writeFileSync(this.path('format', name), `${name}\n`);
    await this.#owner.unsafe('CREATE DATABASE empty_vault');
    await this.#with('empty_vault', 'blobs-none', async () => undefined);
    await this.#owner.unsafe('CREATE DATABASE behind_vault TEMPLATE empty_vault');
    await this.#with('behind_vault', 'blobs-behind', (store) => this.#fillBehind(store));
    await this.#owner.unsafe('CREATE DATABASE live_vault TEMPLATE behind_vault');
    cloneFiles(this.path('blobs-behind'), this.path('blobs'));
    cloneFiles(this.path('copy-behind'), this.path('copy'));
    await this.#with('live_vault', 'blobs', (store) => this.#fillLive(store));
    // A database that is read cannot be cloned meanwhile.
    await this.#owner.unsafe('CREATE DATABASE read_vault TEMPLATE live_vault');
    cpSync(this.path('copy'), this.path('copy-bad'), { recursive: true });
    damage(this.path('copy-bad', this.id));
  }

  async #with(database: string, blobs: string, use: (store: Store) => Promise<void>): Promise<void> {
    const store = await openVault(this, this.url(database), this.path(blobs));
    try {
      await use(store);
    } finally {
      await store.close();
    }
  }

  async #fillBehind(store: Store): Promise<void> {
    const made = await makeTestPractice('faults', this.hostKeys);
    await store.create(made.entries.map((entry) => sent(entry)));
    this.#author = await mirror(store, made.practice, made);
    this.#prev = this.author.state.authors.get(bytesToHex(made.device.author))?.last ?? null;
    const document = made.random(3000);
    await store.uploads.put(made.practice, sha256(document), document);
    const fill = Array.from({ length: behindSize - 2 - this.author.size }, () => 300);
    await store.append(made.practice, await this.#saves(fill));
    await this.#publish(store, 'copy-behind');
    await store.append(made.practice, await this.#saves([200], [document]));
    await store.append(made.practice, await this.#saves([66_000]));
    await this.#publish(store, 'copy-behind');
    const state = await StateFolder.open(this.path('state-behind'));
    await verifyCopy(folderDestination({ path: this.path('copy-behind') }), { state });
    // What is said from here on says that it saw the journal as it is.
    this.#author = await mirror(store, made.practice, made);
    this.document = made.random(2500);
    this.draft = sampleDraft(1);
    this.steps.push(await this.#saves([250], [this.document]), await this.#saves([250]));
    this.steps.push(await this.#saves([250, 70_000, 250, 250]));
  }

  async #fillLive(store: Store): Promise<void> {
    const { practice, founder, random } = this.author;
    await store.uploads.put(practice, sha256(this.document), this.document);
    for (const step of this.steps) await store.append(practice, step);
    const document = random(20);
    await store.uploads.put(practice, sha256(document), document);
    await store.append(practice, await this.#saves([200], [document]));
    await writeDraft(store.database, practice, draftSlot, {
      ...{ replaced: 0, draft: this.draft, compartment: 'admin', updated: 1, member: founder },
      ...{ holds: () => true, mayBegin: true },
    });
    await store.database`UPDATE serment.account_state SET sequence = 1`;
    const head = await store.head(practice);
    [this.liveSize, this.liveRoot] = [head?.size ?? 0, head?.root ?? this.liveRoot];
    await this.#publish(store, 'copy');
    this.next = await this.#saves([120]);
  }

  async #publish(store: Store, to: string): Promise<void> {
    const publisher = publish(this, store, { destination: folderDestination({ path: this.path(to) }) });
    await publisher.settled();
    const [status] = publisher.status(this.id);
    await publisher.stop();
    if (status?.state !== 'current') throw new Error(`The copy is ${status?.state}: ${status?.error}`);
  }

  /** Signed saves with payloads of so many bytes, each in a stream of its own; documents go with the first. */
  async #saves(payloads: readonly number[], documents: readonly Bytes[] = []): Promise<SentEntry[]> {
    const { author } = this;
    const saves: SentEntry[] = [];
    for (const [place, size] of payloads.entries()) {
      const payload = author.random(size);
      const blobs = place > 0 ? [] : documents.map((bytes) => ({ hash: sha256(bytes), size: bytes.length }));
      const more = { prev: this.#prev, seen: author.head(), blobs };
      const statement = await author.statement(recordsDraft(author, sha256(payload), more));
      this.#prev = statement.id;
      saves.push(sent(statement, payload));
    }
    return saves;
  }
}

/** What it takes to work on a vault in another process. */
export interface VaultPlace {
  readonly hostKeys: HostKeys;
  /** The practice, in hexadecimal. */
  readonly id: string;
  /** Documents of the format, which a copy gets. */
  readonly formatFolder: string;
}

export async function openVault(
  { hostKeys }: Pick<VaultPlace, 'hostKeys'>,
  databaseUrl: string,
  blobs: string,
): Promise<Store> {
  return openStore({ databaseUrl, blobs: await createFolderBlobs(blobs), hostKeys });
}

/** Copies one practice of a store to a destination. */
export function publish(
  { hostKeys, id, formatFolder }: VaultPlace,
  store: Store,
  to: {
    destination: Destination;
    onStatus?: () => void;
    log?: (event: CopyLogEvent) => void;
  },
): Publisher {
  const { destination, ...more } = to;
  return startPublisher({
    source: { ...store.capture, practices: async () => [id] },
    destinations: [destination],
    signCheckpoint: (checkpoint) => signCheckpoint(checkpoint, hostKeys.signer),
    // What was missed is looked for by who runs it, when it is.
    pollMs: 3_600_000,
    ...{ formatFolder, ...more },
  });
}

/** The same files in another folder: what copies, documents and states write is a new file each time. */
export function cloneFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const item of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, item.name), join(to, item.name)];
    if (item.isDirectory()) cloneFiles(source, target);
    else linkSync(source, target);
  }
}

/** One bit of the payloads of the first bundle, and one of a document. */
function damage(practiceFolder: string): void {
  const files = readdirSync(practiceFolder, { recursive: true }).map(String).sort();
  for (const kind of ['payload/', 'blob/']) {
    const file = files.find((name) => name.includes(kind) && /[0-9a-f]{3,}$/.test(name));
    if (file === undefined) throw new RangeError(`The copy has no ${kind}`);
    const path = join(practiceFolder, file);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(path, bytes);
  }
}
