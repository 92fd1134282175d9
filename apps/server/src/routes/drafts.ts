import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import type { GovernanceState } from '@serment/core/journal/governance-state';
import { encodeDraftAnswer, encodeDraftList, maxDraftBytes, parseDraftWrite } from '@serment/core/wire/draft';
import { type DraftMember, listDrafts, readDraft, writeDraft } from '@serment/store/drafts';
import type { Store } from '@serment/store/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound, ServerError } from '../error.ts';
import { authorHeld } from '../held.ts';
import { bodyBytes, idParam, sendCbor } from '../request.ts';
import { callerOf, memberOf } from '../session-guard.ts';

// The draft and the array around it.
const maxBodyBytes = maxDraftBytes + 64;

export function addDraftRoutes(app: FastifyInstance, context: AppContext): void {
  serveDrafts(app, context, { path: '/api/practices/:practice/drafts', find: ownDrafts, mayBegin: true });
  // What somebody who leaves was writing: a doctor takes it over.
  const path = '/api/practices/:practice/members/:member/drafts';
  serveDrafts(app, context, { path, find: draftsOfMember, mayBegin: false });
}

/** Whose drafts are asked for, and what who asks holds. */
type Asked = DraftMember & { readonly practice: Bytes };

interface DraftPaths {
  readonly path: string;
  readonly find: (store: Store, request: FastifyRequest) => Promise<Asked>;
  readonly mayBegin: boolean;
}

function serveDrafts(app: FastifyInstance, { store, clock }: AppContext, { path, find, mayBegin }: DraftPaths): void {
  const { database } = store;

  app.get(path, async (request, reply) => {
    const { practice, ...member } = await find(store, request);
    return sendCbor(reply, encodeDraftList(await listDrafts(database, practice, member)));
  });

  app.get(`${path}/:slot`, async (request, reply) => {
    const { practice, ...member } = await find(store, request);
    const draft = await readDraft(database, practice, idParam(request, 'slot', 16), member);
    if (draft === null) throw notFound();
    return sendCbor(reply, encodeDraftAnswer(draft));
  });

  app.put(`${path}/:slot`, { bodyLimit: maxBodyBytes }, async (request, reply) => {
    const { practice, ...member } = await find(store, request);
    const write = { ...parseDraftWrite(bodyBytes(request)), ...member, updated: clock(), mayBegin };
    await writeDraft(database, practice, idParam(request, 'slot', 16), write);
    store.tellChange({ kind: 'drafts', practice: bytesToHex(practice) });
    return reply.code(204).send();
  });
}

/** Those of who asks. */
async function ownDrafts(store: Store, request: FastifyRequest): Promise<Asked> {
  const { practice, member } = memberOf(callerOf(request));
  const governance = await store.governance(practice);
  return { practice, member: hexToBytes(member), holds: holdsOf(governance, member) };
}

/**
 * Those of the member in the path. Throws DRAFT_FORBIDDEN but for a doctor's device, whatever stands in the path, and
 * AUTHOR_HELD for a held one: to take over from somebody waits.
 */
async function draftsOfMember(store: Store, request: FastifyRequest): Promise<Asked> {
  const { practice, member, author, isHeld } = memberOf(callerOf(request));
  if (isHeld) throw authorHeld();
  const governance = await store.governance(practice);
  const isDevice = governance?.authors.get(bytesToHex(author))?.type === 'device';
  if (!isDevice || governance?.members.get(member)?.role !== 'doctor')
    throw new ServerError('DRAFT_FORBIDDEN', 'A doctor’s device alone reads what another member was writing');
  const of = idParam(request, 'member', 16);
  if (!governance.members.has(bytesToHex(of))) throw notFound();
  return { practice, member: of, holds: holdsOf(governance, member) };
}

/** The compartments whose current key a member holds. */
function holdsOf(governance: GovernanceState | null, member: string): (compartment: string) => boolean {
  return (name) => governance?.compartments.get(name)?.grants.has(member) ?? false;
}
