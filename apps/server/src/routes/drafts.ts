import { bytesToHex } from '@serment/core/bytes';
import { encodeDraftAnswer, encodeDraftList, maxDraftBytes, parseDraftWrite } from '@serment/core/wire/draft';
import { listDrafts, readDraft, removeDraft, writeDraft } from '@serment/store/drafts';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound } from '../error.ts';
import { bodyBytes, idParam, numberQuery, sendCbor } from '../request.ts';
import { requireOwnPractice } from '../session-guard.ts';

// The draft and the array around it.
const maxBodyBytes = maxDraftBytes + 64;

export function addDraftRoutes(app: FastifyInstance, { store, clock }: AppContext): void {
  const { database } = store;

  app.get('/api/practices/:practice/drafts', async (request, reply) => {
    const { practice } = await requireOwnPractice(store, request);
    return sendCbor(reply, encodeDraftList(await listDrafts(database, practice)));
  });

  app.get('/api/practices/:practice/drafts/:slot', async (request, reply) => {
    const { practice } = await requireOwnPractice(store, request);
    const draft = await readDraft(database, practice, idParam(request, 'slot', 16));
    if (draft === null) throw notFound();
    return sendCbor(reply, encodeDraftAnswer(draft));
  });

  app.put('/api/practices/:practice/drafts/:slot', { bodyLimit: maxBodyBytes }, async (request, reply) => {
    const { practice } = await requireOwnPractice(store, request);
    const write = parseDraftWrite(bodyBytes(request));
    await writeDraft(database, practice, idParam(request, 'slot', 16), { ...write, updated: clock() });
    store.tellChange({ kind: 'drafts', practice: bytesToHex(practice) });
    return reply.code(204).send();
  });

  app.delete('/api/practices/:practice/drafts/:slot', async (request, reply) => {
    const { practice } = await requireOwnPractice(store, request);
    const revision = numberQuery(request, 'revision');
    await removeDraft(database, practice, idParam(request, 'slot', 16), { revision, updated: clock() });
    store.tellChange({ kind: 'drafts', practice: bytesToHex(practice) });
    return reply.code(204).send();
  });
}
