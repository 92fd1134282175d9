import { type Bytes, bytesToHex, equalBytes } from '../bytes.ts';
import type { BodyOf, HolderLabel } from './body.ts';
import { holdersOf } from './checks.ts';
import type { Statement } from './entry.ts';
import type { AuthorState, GovernanceState, WrapRecord } from './governance-state.ts';
import { governanceStream } from './header.ts';
import { rules } from './rules.ts';

/** Changes the state by an entry that `authorize` let pass as number `index`. */
export function applyEntry(state: GovernanceState, entry: Statement, index: number): void {
  const { header, id } = entry;
  if (header.body.kind === 'genesis') applyGenesis(state, entry, header.body, index);
  const isFounder = state.founderAuthor !== null && equalBytes(state.founderAuthor, header.author);
  if (state.isGenesisBatch && !(header.seen === null && rules[header.kind].genesisBatch && isFounder))
    state.isGenesisBatch = false;
  applyBody(state, entry, index);
  const author = bytesToHex(header.author);
  const known = state.authors.get(author);
  if (known !== undefined) state.authors.set(author, { ...known, last: id });
  if (equalBytes(header.stream, governanceStream)) state.head = id;
}

/**
 * After a loss, the holders that a new generation leaves out count as revoked: a host that drops a `revoke` from a copy
 * must not give the holder its rights back.
 */
export function revokeOmitted(state: GovernanceState, { header }: Statement, index: number): void {
  const { author: signer, body } = header;
  if (body.kind !== 'member') return;
  const named = new Set(body.wraps.map(({ author }) => bytesToHex(author)));
  for (const holder of holdersOf(state, bytesToHex(body.member))) {
    const author = bytesToHex(holder.author);
    if (!named.has(author)) revoke(state, author, { signer, index });
  }
}

function applyBody(state: GovernanceState, { header: { body, author: signer }, id }: Statement, index: number): void {
  switch (body.kind) {
    case 'member':
      applyMember(state, body, { signer, index });
      break;
    case 'device':
    case 'kit':
      applyHolder(state, body, { signer, index });
      break;
    case 'epoch':
      applyEpoch(state, body, id, index);
      break;
    case 'grant':
      applyGrant(state, body, index);
      break;
    case 'revoke':
      revoke(state, bytesToHex(body.author), { signer, index });
      break;
    case 'freeze':
      applyFreeze(state, body, { signer, index });
      break;
    case 'hold':
      state.holdsDevices = body.isOn;
      break;
    case 'term':
      applyTerm(state, body, index);
      break;
    case 'restrict':
      applyRestrict(state, body, index);
      break;
    case 'break-glass':
      applyGlass(state, body, { signer, index });
      break;
    case 'host':
      applyHost(state, body.hostAuthor, { signer, index });
      break;
    case 'witness':
      applyWitness(state, body, index);
      break;
    case 'restore-ack':
      state.fence = body.fence;
      break;
    default:
      break;
  }
}

function applyGenesis(state: GovernanceState, { header, id }: Statement, body: BodyOf<'genesis'>, index: number): void {
  const { author } = header;
  state.practice = id;
  state.nonce = body.nonce;
  state.founder = body.founder;
  state.founderAuthor = author;
  const member = bytesToHex(body.founder);
  const rest = { recipient: null, label: '', addedAt: index, addedBy: null, ...unrevoked, last: null };
  state.authors.set(bytesToHex(author), { author, member, type: 'founder', ...rest });
  applyHost(state, body.hostAuthor, { signer: author, index });
}

/** Who signed the entry that is applied, and its place. */
interface Signed {
  readonly signer: Bytes;
  readonly index: number;
}

const unrevoked = { revokedAt: null, revokedBy: null, freezes: [] } as const;

function revoke(state: GovernanceState, author: string, { signer, index }: Signed): void {
  const known = state.authors.get(author);
  if (known !== undefined) state.authors.set(author, { ...known, revokedAt: index, revokedBy: signer });
}

function applyFreeze(state: GovernanceState, { author, frozen }: BodyOf<'freeze'>, { signer, index }: Signed): void {
  const known = state.authors.get(bytesToHex(author));
  if (known === undefined) return;
  state.authors.set(bytesToHex(author), { ...known, freezes: [...known.freezes, { frozen, by: signer, index }] });
}

function applyTerm(state: GovernanceState, { member, from, until }: BodyOf<'term'>, index: number): void {
  const known = state.members.get(bytesToHex(member));
  if (known === undefined) return;
  state.members.set(bytesToHex(member), { ...known, terms: [...known.terms, { from, until, index }] });
}

function applyRestrict(state: GovernanceState, { stream, members }: BodyOf<'restrict'>, index: number): void {
  const name = bytesToHex(stream);
  if (members === null) state.restrictions.delete(name);
  else state.restrictions.set(name, { stream, named: new Set(members.map(bytesToHex)), index, broken: [] });
}

function applyGlass(state: GovernanceState, body: BodyOf<'break-glass'>, { signer, index }: Signed): void {
  const known = state.restrictions.get(bytesToHex(body.stream));
  const member = state.authors.get(bytesToHex(signer))?.member ?? null;
  if (known === undefined || member === null) return;
  const record = { member, author: signer, number: body.number, reason: body.reason, index };
  state.restrictions.set(bytesToHex(body.stream), { ...known, broken: [...known.broken, record] });
}

function applyWitness(state: GovernanceState, { key, name }: BodyOf<'witness'>, index: number): void {
  if (name === null) state.witnesses.delete(bytesToHex(key));
  else state.witnesses.set(bytesToHex(key), { key, name, index });
}

function applyHost(state: GovernanceState, hostAuthor: Bytes, { signer, index }: Signed): void {
  if (state.hostAuthor !== null) revoke(state, bytesToHex(state.hostAuthor), { signer, index });
  const author = bytesToHex(hostAuthor);
  const fresh = { author: hostAuthor, member: null, type: 'host', label: '', recipient: null } as const;
  const last = state.authors.get(author)?.last ?? null;
  state.authors.set(author, { ...fresh, addedAt: index, addedBy: null, ...unrevoked, last });
  state.hostAuthor = hostAuthor;
  state.hosts.push({ author: hostAuthor, index });
}

function applyMember(state: GovernanceState, body: BodyOf<'member'>, { signer, index }: Signed): void {
  const member = bytesToHex(body.member);
  const known = state.members.get(member);
  state.members.set(member, {
    member: body.member,
    role: body.role,
    generation: body.generation,
    recipient: body.recipient,
    recipients: [...(known?.recipients ?? []), body.recipient],
    isOwn: state.authors.get(bytesToHex(signer))?.member === member,
    terms: known?.terms ?? [],
    addedAt: known?.addedAt ?? index,
  });
  const record = { member, generation: body.generation, scope: currentScope(state), index };
  for (const { author, wrap } of body.wraps) addWrap(state, author, { ...record, wrap });
}

function applyHolder(state: GovernanceState, body: BodyOf<'device'> | BodyOf<'kit'>, { signer, index }: Signed): void {
  const author = bytesToHex(body.author);
  const member = bytesToHex(body.member);
  state.authors.set(author, {
    author: body.author,
    member,
    type: body.kind === 'device' ? typeOf(body.label) : 'kit',
    label: body.kind === 'device' ? body.label : body.testValue,
    recipient: body.recipient,
    addedAt: index,
    addedBy: signer,
    ...unrevoked,
    last: null,
  });
  const { generation, wrap } = body;
  addWrap(state, body.author, { member, generation, wrap, scope: currentScope(state), index });
}

function typeOf(label: HolderLabel): AuthorState['type'] {
  return label === 'invitation' || label === 'passkey' ? label : 'device';
}

function applyEpoch(state: GovernanceState, body: BodyOf<'epoch'>, id: Bytes, index: number): void {
  const { compartment: name, number, check, recipient, sealedInbox, sealedPrevious } = body;
  const epoch = { number, check, recipient, sealedInbox, sealedPrevious, scope: currentScope(state), index, id };
  const epochs = [...(state.compartments.get(name)?.epochs ?? []), epoch];
  state.compartments.set(name, { name, number, check, recipient, grants: new Set(), epochs });
}

function applyGrant(state: GovernanceState, body: BodyOf<'grant'>, index: number): void {
  const member = bytesToHex(body.member);
  const { compartment, number, generation, wrap } = body;
  const known = state.compartments.get(compartment);
  if (known !== undefined) state.compartments.set(compartment, { ...known, grants: new Set(known.grants).add(member) });
  const record = { compartment, number, generation, wrap, scope: currentScope(state), index };
  addTo(state.grants, member, record);
}

function addWrap(state: GovernanceState, holder: Bytes, record: WrapRecord): void {
  addTo(state.wraps, bytesToHex(holder), record);
}

/** In place: a copy of the list at each entry would make a long journal cost the square of its length. */
function addTo<Record>(lists: Map<string, Record[]>, name: string, record: Record): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [record]);
  else list.push(record);
}

/** What was sealed in the genesis batch names its nonce: the practice's id did not exist yet. */
function currentScope(state: GovernanceState): Bytes {
  const scope = state.isGenesisBatch ? state.nonce : state.practice;
  return scope ?? new Uint8Array(0);
}
