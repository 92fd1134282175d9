import type { FastifyBaseLogger } from 'fastify';
import { ServerError } from '../error.ts';
import { createConsoleSms } from './console.ts';
import type { GatewayConfig } from './gateway-config.ts';
import { createHttpGateway } from './http-gateway.ts';
import type { Sms } from './sms.ts';

export interface SmsOptions {
  readonly gateway: GatewayConfig | null;
  readonly isLoopback: boolean;
  readonly log: FastifyBaseLogger;
}

/** How this server sends SMS: through its gateway, on the screen of a local one, or not at all. */
export function openSms({ gateway, isLoopback, log }: SmsOptions): Sms {
  if (gateway !== null) return createHttpGateway(gateway);
  if (isLoopback) return createConsoleSms(log);
  log.warn('no SMS gateway (--sms): no code can be sent');
  return noGateway;
}

const noGateway: Sms = {
  isLocal: false,
  async send() {
    throw new ServerError('SMS_UNAVAILABLE', 'This server sends no SMS', {
      hint: 'Start it with --sms FILE (docs/security/sms.md), or enter by another factor.',
    });
  },
};
