import { CodedError } from '@serment/core/error';
import { claimNotices, keepFailure, keepSent, type WaitingNotice } from '@serment/store/alerts/alert-log';
import type { Database } from '@serment/store/postgres/connect';
import type { FastifyBaseLogger } from 'fastify';
import type { AlertChannel } from './channel.ts';
import { composeMessage, type MessageStyle } from './message.ts';

export interface SenderOptions {
  readonly database: Database;
  readonly channels: readonly AlertChannel[];
  readonly style: MessageStyle;
  readonly clock: () => number;
  readonly log: FastifyBaseLogger;
}

/** Longer than a channel takes at most: until then no other instance sends the same. */
const claimMs = 120_000;

/** Sends what waits: each channel by itself, one message at a time, so that one that hangs holds back no other. */
export class AlertSender {
  readonly #options: SenderOptions;
  readonly #sending = new Map<string, Promise<void>>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Settles once what could be sent now is sent, or failed. */
  async send(): Promise<void> {
    await Promise.all(
      this.#options.channels.map((channel) => {
        const sending = this.#sending.get(channel.name) ?? this.#sendBy(channel);
        this.#sending.set(channel.name, sending);
        return sending;
      }),
    );
  }

  async #sendBy(channel: AlertChannel): Promise<void> {
    const { database, clock, log } = this.#options;
    try {
      const now = clock();
      const waiting = await claimNotices(database, channel.name, {
        ...{ now, until: now + claimMs, perHour: channel.perHour },
      });
      if (waiting !== null) await this.#deliver(channel, waiting);
    } catch (err) {
      log.warn({ err, channel: channel.name }, 'alerts could not be read');
    } finally {
      this.#sending.delete(channel.name);
    }
  }

  async #deliver(channel: AlertChannel, waiting: readonly WaitingNotice[]): Promise<void> {
    const { database, style, clock, log } = this.#options;
    const { name } = channel;
    try {
      await channel.send(composeMessage(waiting, clock(), style));
    } catch (cause) {
      const fields = cause instanceof CodedError ? cause.fields : {};
      const code = String(fields.error ?? fields.status ?? fields.reason ?? 'UNKNOWN').slice(0, 64);
      log.warn({ channel: name, ...fields }, 'alerts were not taken');
      await keepFailure(database, name, { code, now: clock() });
      return;
    }
    await keepSent(database, name, { notices: waiting.map(({ notice }) => notice), now: clock() });
    log.info({ channel: name, notices: waiting.length }, 'alerts were sent');
  }
}
