import type { FastifyBaseLogger } from 'fastify';
import type { AppContext } from '../app-context.ts';
import { Entrance } from './entrance.ts';
import { OpaqueServer } from './opaque-server.ts';
import { SecondFactors } from './second-factors.ts';

/** What the routes of signing in share. */
export interface SignIn {
  readonly opaque: OpaqueServer;
  readonly entrance: Entrance;
  readonly factors: SecondFactors;
}

export function createSignIn({ store, sms, publicUrl, clock }: AppContext, log: FastifyBaseLogger): SignIn {
  return {
    opaque: new OpaqueServer(store.hostKeys.opaqueSetup),
    entrance: new Entrance({ store, clock, log }),
    factors: new SecondFactors({ store, sms, hostname: publicUrl?.hostname ?? 'localhost', clock }),
  };
}
