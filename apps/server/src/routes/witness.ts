import { bytesToHex } from '@serment/core/bytes';
import {
  encodeCosignatures,
  encodeGovernanceAnswer,
  maxGovernanceRead,
  parseCosignature,
} from '@serment/core/wire/witness';
import { keepCosignature, readCosignatures } from '@serment/store/cosignatures';
import { StoreError } from '@serment/store/error';
import { readGovernanceEntries } from '@serment/store/journal/read';
import type { FastifyInstance } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { notFound } from '../error.ts';
import { bodyBytes, numberQuery, sendCbor } from '../request.ts';
import { callerOf } from '../session-guard.ts';
import { Throttle } from '../throttle.ts';

// A note and the array around it.
const maxBodyBytes = 20_480;

/** What a witness asks beside checkpoints and proofs, and what members read of it (docs/format/witness.md). */
export function addWitnessRoutes(app: FastifyInstance, { store, alerts, clock }: AppContext): void {
  const byWitness = new Throttle({ limit: 60, windowMs: 60_000, clock });
  const config = { witness: true };

  app.get('/api/practices/:practice/governance', { config }, async (request, reply) => {
    const { practice } = callerOf(request);
    const range = { from: numberQuery(request, 'from', 0), limit: maxGovernanceRead };
    return sendCbor(reply, encodeGovernanceAnswer(await readGovernanceEntries(store.database, practice, range)));
  });

  app.put('/api/practices/:practice/cosignature', { bodyLimit: maxBodyBytes, config }, async (request, reply) => {
    const { practice, author } = callerOf(request);
    byWitness.count(`${bytesToHex(practice)}/${bytesToHex(author)}`);
    const witness = (await store.governance(practice))?.witnesses.get(bytesToHex(author));
    // A member has no cosignature to give.
    if (witness === undefined) throw notFound();
    await keepCosignature(store, practice, witness, parseCosignature(bodyBytes(request))).catch((cause: unknown) => {
      if (cause instanceof StoreError && cause.code === 'COSIGNATURE_REFUSED')
        alerts.noteOtherHistory(practice, author);
      throw cause;
    });
    return reply.code(204).send();
  });

  app.get('/api/practices/:practice/cosignatures', async (request, reply) => {
    const { practice } = callerOf(request);
    const named = (await store.governance(practice))?.witnesses;
    const kept = await readCosignatures(store, practice);
    return sendCbor(reply, encodeCosignatures(kept.filter(({ key }) => named?.has(bytesToHex(key)))));
  });
}
