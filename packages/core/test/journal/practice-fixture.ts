import { type Bytes, bytesToHex, compareBytes } from '../../src/bytes.ts';
import { sha256 } from '../../src/hash.ts';
import type { Body, Freeze, HolderLabel, Role } from '../../src/journal/body.ts';
import { signCheckpoint } from '../../src/journal/checkpoint.ts';
import { holdersOf } from '../../src/journal/checks.ts';
import {
  type Entry,
  encodeStatement,
  holderProofMessage,
  parseStatement,
  type Statement,
  signedMessage,
  statementToEntry,
} from '../../src/journal/entry.ts';
import { applyEntry, authorize, emptyGovernance, type GovernanceState } from '../../src/journal/governance.ts';
import { type BlobRef, encodeHeader, governanceStream, hostStream, type TreeHead } from '../../src/journal/header.ts';
import type { HashReader } from '../../src/journal/proof.ts';
import { rules } from '../../src/journal/rules.ts';
import { Frontier } from '../../src/journal/tree.ts';
import { deterministicRandom, signerFromSeed, type TestSigner } from './signer.ts';

/** What an entry says; everything left out is what an honest author would put. */
export interface Draft {
  readonly signer: TestSigner;
  readonly body: Body;
  readonly practice?: Bytes | null;
  readonly stream?: Bytes;
  readonly compartment?: string | null;
  readonly epoch?: number;
  readonly base?: Bytes | null;
  readonly prev?: Bytes | null;
  readonly seen?: TreeHead | null;
  readonly time?: number;
  readonly blobs?: readonly BlobRef[];
  readonly payloadHash?: Bytes | null;
  /** The host's clock when it is accepted. */
  readonly receivedAt?: number;
}

export interface TestMember {
  readonly member: Bytes;
  readonly device: TestSigner;
}

export interface PracticeOptions {
  /** Milliseconds since 1970; by default it starts at a fixed time and advances a second a call. */
  readonly clock?: () => number;
  readonly random?: (sizeBytes: number) => Bytes;
  /** Size of the random bytes that stand for a wrap. */
  readonly wrapBytes?: number;
}

/** A practice with a valid genesis batch: real signatures, random bytes where sealed keys would stand. */
export async function makePractice(options: PracticeOptions = {}): Promise<TestPractice> {
  const random = options.random ?? deterministicRandom('practice');
  let now = 1_780_000_000_000;
  const clock = options.clock ?? (() => (now += 1000));
  const founder = random(16);
  const device = await signerFromSeed(random(32));
  const kit = await signerFromSeed(random(32));
  const host = await signerFromSeed(random(32));
  const parts = { random, clock, founder, device, kit, host, wrapBytes: options.wrapBytes ?? 1850 };
  const practice = new TestPractice(parts);
  await practice.appendGenesisBatch();
  return practice;
}

interface Parts {
  readonly random: (sizeBytes: number) => Bytes;
  readonly clock: () => number;
  readonly founder: Bytes;
  readonly device: TestSigner;
  readonly kit: TestSigner;
  readonly host: TestSigner;
  readonly wrapBytes: number;
}

export class TestPractice {
  readonly state: GovernanceState = emptyGovernance();
  readonly entries: Entry[] = [];
  /** The founder's device, kit and member; `host` signs what the current host signs. */
  readonly device: TestSigner;
  readonly kit: TestSigner;
  readonly founder: Bytes;
  host: TestSigner;
  readonly random: (sizeBytes: number) => Bytes;
  readonly clock: () => number;
  readonly #wrapBytes: number;
  readonly #heads = new Map<string, { readonly id: Bytes; readonly compartment: string | null }>();
  readonly #nodes = new Map<string, Bytes>();
  readonly #frontier = new Frontier();

  constructor({ random, clock, founder, device, kit, host, wrapBytes }: Parts) {
    this.random = random;
    this.clock = clock;
    this.founder = founder;
    this.device = device;
    this.kit = kit;
    this.host = host;
    this.#wrapBytes = wrapBytes;
  }

  /** Id of the genesis entry. */
  get practice(): Bytes {
    return this.state.practice ?? new Uint8Array(32);
  }

  get size(): number {
    return this.entries.length;
  }

  root(): Bytes {
    return this.#frontier.root();
  }

  /** Size and root of the whole journal. */
  head(): TreeHead {
    return { size: this.size, root: this.root() };
  }

  headOf(stream: Bytes): Bytes | null {
    return this.#heads.get(bytesToHex(stream))?.id ?? null;
  }

  readonly reader: HashReader = (level, index) => {
    const hash = this.#nodes.get(`${level}/${index}`);
    if (hash === undefined) throw new RangeError(`No subtree ${index} of level ${level}`);
    return hash;
  };

  /** The signed statement of a draft; nothing of it is checked. */
  async statement(draft: Draft): Promise<Statement> {
    const rule = rules[draft.body.kind];
    const other = draft.stream ?? this.random(16);
    const streams = { governance: governanceStream, host: hostStream, inbox: other, other };
    const stream = draft.stream ?? streams[rule.stream];
    const compartment =
      draft.compartment === undefined ? (rule.compartment === 'none' ? null : 'admin') : draft.compartment;
    const known = this.state.authors.get(bytesToHex(draft.signer.author));
    const isUnseen = this.state.isGenesisBatch && rule.genesisBatch;
    const headerBytes = encodeHeader({
      format: 1,
      practice: draft.practice === undefined ? this.state.practice : draft.practice,
      kind: draft.body.kind,
      author: draft.signer.author,
      stream,
      compartment,
      epoch: draft.epoch ?? (compartment === null ? 0 : (this.state.compartments.get(compartment)?.number ?? 1)),
      base: draft.base === undefined ? this.headOf(stream) : draft.base,
      prev: draft.prev === undefined ? (known?.last ?? null) : draft.prev,
      seen: draft.seen === undefined ? (isUnseen || rule.stream === 'host' ? null : this.head()) : draft.seen,
      time: draft.time ?? this.clock(),
      blobs: draft.blobs ?? [],
      body: draft.body,
    });
    const payloadHash =
      draft.payloadHash === undefined ? (rule.payload ? sha256(headerBytes) : null) : draft.payloadHash;
    const signature = await draft.signer.sign(signedMessage(headerBytes, payloadHash));
    return parseStatement(encodeStatement({ headerBytes, payloadHash, signature }));
  }

  /** Appends a valid entry. Throws a RangeError with the refusal when it is not one. */
  async append(draft: Draft): Promise<Entry> {
    const statement = await this.statement(draft);
    const head = this.#heads.get(bytesToHex(statement.header.stream));
    const receivedAt = draft.receivedAt ?? this.clock();
    const refusal = await authorize(this.state, statement, {
      index: this.size,
      receivedAt,
      streamHead: head?.id ?? null,
      streamCompartment: head?.compartment ?? null,
      practice: this.state.practice,
    });
    if (refusal !== null) throw new RangeError(`${statement.header.kind}: ${refusal}`);
    return this.accept(statement, receivedAt);
  }

  /** Appends a statement as it is, valid or not, and applies it. */
  accept(statement: Statement, receivedAt = this.clock()): Entry {
    const entry = statementToEntry(statement, receivedAt);
    applyEntry(this.state, entry, this.size);
    const { stream, compartment } = entry.header;
    this.#heads.set(bytesToHex(stream), { id: entry.id, compartment });
    this.#frontier.append(entry.leaf, (level, index, hash) => this.#nodes.set(`${level}/${index}`, hash));
    this.entries.push(entry);
    return entry;
  }

  /** One save in a compartment, by the founder's device unless said otherwise. */
  appendRecords(draft: Partial<Draft> = {}): Promise<Entry> {
    return this.append({ signer: this.device, body: { kind: 'records', binding: false }, ...draft });
  }

  async appendGenesisBatch(): Promise<void> {
    const { device: signer, founder } = this;
    const nonce = this.random(32);
    await this.append({ signer, body: { kind: 'genesis', nonce, founder, hostAuthor: this.host.author } });
    await this.append({ signer, body: this.memberBody(founder, 'doctor') });
    await this.append({ signer, body: await this.deviceBody(founder, signer) });
    await this.append({ signer, body: await this.kitBody(founder, this.kit) });
    for (const compartment of ['admin', 'clinical', 'billing', `private/${bytesToHex(founder)}`]) {
      await this.append({ signer, body: this.epochBody(compartment) });
      await this.append({ signer, body: this.grantBody(compartment, founder) });
    }
  }

  /** A new member with a first device and grants, all signed by the founder's device. */
  async addMember(role: Role, compartments: readonly string[]): Promise<TestMember> {
    const member = this.random(16);
    const device = await signerFromSeed(this.random(32));
    await this.append({ signer: this.device, body: this.memberBody(member, role) });
    await this.append({ signer: this.device, body: await this.deviceBody(member, device) });
    for (const compartment of compartments)
      await this.append({ signer: this.device, body: this.grantBody(compartment, member) });
    return { member, device };
  }

  /** The next generation of a member, wrapped to its holders; the first one of a new member. */
  memberBody(member: Bytes, role: Role): Body & { kind: 'member' } {
    const known = bytesToHex(member);
    const wraps = holdersOf(this.state, known).map(({ author }) => ({ author, wrap: this.#wrap() }));
    const generation = (this.state.members.get(known)?.generation ?? 0) + 1;
    return { kind: 'member', member, role, generation, recipient: this.random(1216), wraps };
  }

  async deviceBody(
    member: Bytes,
    holder: TestSigner,
    label: HolderLabel = 'browser',
  ): Promise<Body & { kind: 'device' }> {
    return { kind: 'device', label, ...(await this.#holder(member, holder)) };
  }

  async kitBody(member: Bytes, holder: TestSigner): Promise<Body & { kind: 'kit' }> {
    return { kind: 'kit', testValue: '7K2QX', ...(await this.#holder(member, holder)) };
  }

  epochBody(compartment: string): Body & { kind: 'epoch' } {
    const number = (this.state.compartments.get(compartment)?.number ?? 0) + 1;
    const sealedPrevious = number === 1 ? null : this.random(104);
    const rest = {
      recipient: this.random(1216),
      check: this.random(32),
      sealedInbox: this.random(104),
      sealedPrevious,
    };
    return { kind: 'epoch', compartment, number, ...rest };
  }

  grantBody(compartment: string, member: Bytes): Body & { kind: 'grant' } {
    const number = this.state.compartments.get(compartment)?.number ?? 1;
    const generation = this.state.members.get(bytesToHex(member))?.generation ?? 1;
    return { kind: 'grant', compartment, number, member, generation, wrap: this.#wrap() };
  }

  revokeBody(author: Bytes): Body & { kind: 'revoke' } {
    return { kind: 'revoke', author, last: this.state.authors.get(bytesToHex(author))?.last ?? null };
  }

  freezeBody(author: Bytes, frozen: Freeze = true): Body & { kind: 'freeze' } {
    return { kind: 'freeze', author, frozen };
  }

  restrictBody(stream: Bytes, members: readonly Bytes[] | null): Body & { kind: 'restrict' } {
    return { kind: 'restrict', stream, members: members?.toSorted(compareBytes) ?? null };
  }

  witnessBody(name: string | null = 'witness.example/w1', key = this.random(32)): Body & { kind: 'witness' } {
    return { kind: 'witness', key, name };
  }

  glassBody(stream: Bytes): Body & { kind: 'break-glass' } {
    const number = this.state.compartments.get('clinical')?.number ?? 1;
    return { kind: 'break-glass', stream, number, reason: this.random(584) };
  }

  depositBody(): Body & { kind: 'deposit' } {
    return { kind: 'deposit', id: this.random(16), wrap: this.#wrap(), ownEpoch: 1, ownKey: this.random(104) };
  }

  /** The host's note on the journal as it is. */
  checkpoint(fence = this.state.fence): Promise<string> {
    return signCheckpoint({ practice: this.practice, fence, size: this.size, root: this.root() }, this.host);
  }

  async #holder(member: Bytes, holder: TestSigner) {
    const recipient = this.random(1216);
    const scope = (this.state.isGenesisBatch ? this.state.nonce : this.state.practice) ?? new Uint8Array(32);
    const proof = await holder.sign(holderProofMessage(scope, member, holder.author, recipient));
    const generation = this.state.members.get(bytesToHex(member))?.generation ?? 1;
    return { member, author: holder.author, recipient, generation, wrap: this.#wrap(), proof };
  }

  #wrap(): Bytes {
    return this.random(this.#wrapBytes);
  }
}

/** The same statement with one bit of its signature changed. */
export function withWrongSignature(statement: Statement): Statement {
  const signature = new Uint8Array(statement.signature);
  signature[0] = (signature[0] ?? 0) ^ 1;
  return parseStatement(encodeStatement({ ...statement, signature }));
}
