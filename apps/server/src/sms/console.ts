import type { FastifyBaseLogger } from 'fastify';
import type { Sms } from './sms.ts';

/** For a server of this machine alone: nothing is sent or kept, and whoever asked reads the code on the screen. */
export function createConsoleSms(log: FastifyBaseLogger): Sms {
  return {
    isLocal: true,
    async send() {
      log.info('SMS code shown on the screen (local mode)');
    },
  };
}
