import { type Bytes, hexToBytes } from '@serment/core/bytes';
import type { Operator } from '@serment/store/operators';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { ServerError } from '../error.ts';

export interface OperatorCaller extends Operator {
  readonly token: Bytes;
}

declare module 'fastify' {
  interface FastifyRequest {
    operator: OperatorCaller | null;
  }
}

const path = '/api/operators';
/** Where one enters, and has no session yet. */
const open = new Set([
  ...[`POST ${path}/enrolments`, `PUT ${path}/enrolments/passkey`, `PUT ${path}/enrolments/password`],
  ...[`POST ${path}/challenges`, `POST ${path}/sessions/passkey`, `POST ${path}/sessions/password`],
]);

/**
 * Asks which operator calls before anything of the body is read, at every route of theirs. Their sessions go in another
 * scheme than those of practices and stand in another table: neither guard reads what the other takes.
 */
export function guardOperators(app: FastifyInstance, { store }: Pick<AppContext, 'store'>): void {
  app.decorateRequest('operator', null);
  app.addHook('onRequest', async (request) => {
    const { url = '' } = request.routeOptions;
    if (!url.startsWith(`${path}/`) || open.has(`${request.method} ${url}`)) return;
    const token = tokenOf(request);
    const operator = token === null ? null : await store.operators.find(token);
    if (token === null || operator === null) throw sessionRequired();
    request.operator = { ...operator, token };
  });
}

/** Which operator asks, as the guard found. Throws OPERATOR_SESSION_REQUIRED at a route that it does not guard. */
export function operatorOf(request: FastifyRequest): OperatorCaller {
  if (request.operator === null) throw sessionRequired();
  return request.operator;
}

function tokenOf({ headers }: FastifyRequest): Bytes | null {
  const text = /^Operator ([0-9a-f]{64})$/.exec(headers.authorization ?? '')?.[1];
  return text === undefined ? null : hexToBytes(text);
}

function sessionRequired(): ServerError {
  return new ServerError('OPERATOR_SESSION_REQUIRED', 'An operator’s session is needed');
}
