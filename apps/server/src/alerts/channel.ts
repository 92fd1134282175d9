import { ServerError } from '../error.ts';
import type { AlertMessage } from './message.ts';

/** What carries alerts to one person, or to one program. */
export interface AlertChannel {
  readonly name: string;
  readonly perHour: number;
  /**
   * Settles once the other side took the message, with what it answered, in one short line. Throws ALERT_FAILED with
   * `fields.reason`, and `fields.error` or `fields.status` where there is one; nothing of what the other side wrote.
   */
  send(message: AlertMessage): Promise<string>;
}

export type AlertFault = 'unreachable' | 'timeout' | 'insecure' | 'credentials' | 'refused' | 'answer';

export function alertFailed(
  reason: AlertFault,
  facts: { status?: number | null; error?: string | null } = {},
): ServerError {
  return new ServerError('ALERT_FAILED', 'The message was not taken', {
    fields: { reason, ...facts },
    hint: 'What each reason means is in docs/operations.md, Alerts.',
  });
}

/** What was answered, fit to be shown: one line of ASCII, 120 characters at most. */
export function shownAnswer(text: string): string {
  return text
    .slice(0, 400)
    .replaceAll(/[^ -~]+/g, ' ')
    .trim()
    .slice(0, 120);
}
