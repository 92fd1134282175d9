import { unusualEvents } from '../journal/body.ts';
import { jsonCount, jsonList, jsonNullOr, jsonText, parseJson, parseObject } from './json.ts';

/** What a host may find wrong by itself (docs/operations.md, Alerts). */
export const alertCauses = [
  'copy-failing',
  'copy-late',
  'copy-damaged',
  'verify-late',
  'drill-failed',
  'drill-late',
  'disk-full',
  'certificate-ends',
  'lock-short',
  'witness-silent',
  'channel-failing',
  ...unusualEvents,
] as const;

export type AlertCause = (typeof alertCauses)[number];

/** Of these, what a practice is told: what its own devices cannot see. */
export const practiceAlertCauses = [
  ...(['disk-full', 'certificate-ends', 'lock-short'] as const),
  ...unusualEvents,
] as const;

/** Something that the host says is wrong, and that concerns a practice. Times in milliseconds, by the host's clock. */
export interface PracticeAlert {
  readonly cause: (typeof practiceAlertCauses)[number];
  /** Name of the copy that it is about; null for the host itself. */
  readonly copy: string | null;
  readonly since: number;
  /** The instant that it is about, such as the end of a certificate; null when there is none. */
  readonly at: number | null;
  /** Number of the journal's entry that tells of it, and of which device it is; null where none does. */
  readonly entry: number | null;
}

const maxAlerts = 64;

/** Data of an `alerts` event. */
export function encodeAlerts(alerts: readonly PracticeAlert[]): string {
  return JSON.stringify(alerts.slice(0, maxAlerts));
}

/** Leaves out causes that a later host knows. Throws WIRE_INVALID. */
export function parseAlerts(text: string): PracticeAlert[] {
  return jsonList(parseJson(text), maxAlerts, (value) => {
    const of = parseObject(value, ['cause', 'copy', 'since', 'at', 'entry']);
    const given = jsonText(of('cause'));
    const cause = practiceAlertCauses.find((one) => one === given);
    const facts = {
      copy: jsonNullOr(of('copy'), jsonText),
      since: jsonCount(of('since')),
      at: jsonNullOr(of('at'), jsonCount),
      entry: jsonNullOr(of('entry'), jsonCount),
    };
    return cause === undefined ? [] : [{ cause, ...facts }];
  }).flat();
}
