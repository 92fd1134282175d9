import { jsonCount, jsonList, jsonNullOr, jsonOneOf, jsonText, parseJson, parseObject } from './json.ts';

export const pendingDrillStates = ['waiting', 'running', 'given-up'] as const;

/** A drill that was not done yet, or that was given up; one that is done stands in the journal. Times in milliseconds. */
export interface PendingDrill {
  /** Name of the copy. */
  readonly destination: string;
  /** The instant that it restores; null for the newest state. */
  readonly at: number | null;
  readonly state: (typeof pendingDrillStates)[number];
  /** When it was asked for, or began to run. */
  readonly since: number;
  /** What kept it from running, or from being written in the journal, the last time. */
  readonly code: string | null;
}

const maxPending = 256;

/** Data of `GET /api/practices/P/drills`. */
export function encodePendingDrills(drills: readonly PendingDrill[]): string {
  return JSON.stringify(drills.slice(0, maxPending));
}

/** Throws WIRE_INVALID. */
export function parsePendingDrills(text: string): PendingDrill[] {
  return jsonList(parseJson(text), maxPending, (value) => {
    const of = parseObject(value, ['destination', 'at', 'state', 'since', 'code']);
    return {
      destination: jsonText(of('destination')),
      at: jsonNullOr(of('at'), jsonCount),
      state: jsonOneOf(pendingDrillStates)(of('state')),
      since: jsonCount(of('since')),
      code: jsonNullOr(of('code'), jsonText),
    };
  });
}
