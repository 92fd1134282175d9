import { type Bytes, bytesToHex, hexToBytes } from '@serment/core/bytes';
import { encodeDraftAnswer, encodeDraftList, maxDraftBytes, parseDraftWrite } from '@serment/core/wire/draft';
import { type DraftMember, listDrafts, readDraft, writeDraft } from '@serment/store/drafts';
import type { Store } from '@serment/store/store';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound } from '../error.ts';
import { bodyBytes, idParam, sendCbor } from '../request.ts';
import { callerOf, memberOf } from '../session-guard.ts';

// The draft and the array around it.
const maxBodyBytes = maxDraftBytes + 64;

export function addDraftRoutes(app: FastifyInstance, { store, clock }: AppContext): void {
  const { database } = store;

  app.get('/api/practices/:practice/drafts', async (request, reply) => {
    const { practice, ...member } = await draftMember(store, request);
    return sendCbor(reply, encodeDraftList(await listDrafts(database, practice, member)));
  });

  app.get('/api/practices/:practice/drafts/:slot', async (request, reply) => {
    const { practice, ...member } = await draftMember(store, request);
    const draft = await readDraft(database, practice, idParam(request, 'slot', 16), member);
    if (draft === null) throw notFound();
    return sendCbor(reply, encodeDraftAnswer(draft));
  });

  app.put('/api/practices/:practice/drafts/:slot', { bodyLimit: maxBodyBytes }, async (request, reply) => {
    const { practice, ...member } = await draftMember(store, request);
    const write = { ...parseDraftWrite(bodyBytes(request)), ...member, updated: clock() };
    await writeDraft(database, practice, idParam(request, 'slot', 16), write);
    store.tellChange({ kind: 'drafts', practice: bytesToHex(practice) });
    return reply.code(204).send();
  });
}

/** Who asks, with the compartments whose current key it holds. */
async function draftMember(store: Store, request: FastifyRequest): Promise<DraftMember & { practice: Bytes }> {
  const { practice, member } = memberOf(callerOf(request));
  const governance = await store.governance(practice);
  const holds = (name: string) => governance?.compartments.get(name)?.grants.has(member) ?? false;
  return { practice, member: hexToBytes(member), holds };
}
