import { randomBytes } from 'node:crypto';
import { CodedError } from '@serment/core/error';
import { pino } from 'pino';
import { readGatewayConfig } from '../sms/gateway-config.ts';
import { openSms } from '../sms/open-sms.ts';
import { readAlertConfig } from './alert-config.ts';
import { trialMessage } from './message.ts';
import { openChannel } from './open-channel.ts';

/** How a channel took a trial message; one line of this process's output each, as JSON. */
export interface ChannelTrial {
  readonly channel: string;
  readonly kind: string;
  /** What it answered; null when it took nothing. */
  readonly answer: string | null;
  /** Why it took nothing, and what there is to know of that. */
  readonly reason: string | null;
  readonly detail: string | null;
  readonly tookMs: number;
}

// A process of its own, as the server is: the command line that asks for it reaches neither channels nor their secrets.
const [file = '', gatewayFile = ''] = process.argv.slice(2);
try {
  const gateway = gatewayFile === '' ? null : await readGatewayConfig(gatewayFile, process.env);
  const config = await readAlertConfig(file, process.env, gateway !== null);
  const sms = openSms({ gateway, isLoopback: true, log: pino({ level: 'silent' }) });
  // One after the other: what is read on the screen is in the file's order.
  for (const given of config.channels) {
    const channel = openChannel(given, sms);
    const startedAt = performance.now();
    const message = trialMessage(randomBytes(16).toString('hex'), Date.now(), config);
    const outcome = await channel.send(message).then(
      (answer) => ({ answer, reason: null, detail: null }),
      (cause: unknown) => ({ answer: null, ...failureOf(cause) }),
    );
    const tookMs = Math.round(performance.now() - startedAt);
    const trial: ChannelTrial = { channel: given.name, kind: given.kind, ...outcome, tookMs };
    process.stdout.write(`${JSON.stringify(trial)}\n`);
  }
} catch (cause) {
  const { message, hint } = cause instanceof CodedError ? cause : { message: String(cause), hint: null };
  process.stderr.write(`${message}${hint === null ? '' : `. ${hint}`}\n`);
  process.exitCode = 2;
}

function failureOf(cause: unknown): { reason: string; detail: string | null } {
  if (!(cause instanceof CodedError)) throw cause;
  const { reason = 'unknown', error = null, status = null } = cause.fields;
  const detail = [error, status].filter((one) => one !== null && one !== reason).join(' ');
  return { reason: String(reason), detail: detail === '' ? null : detail };
}
