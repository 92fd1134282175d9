import { proxyMarker } from 'comlink';
import { CareDesk } from './care-desk.ts';
import { DepositDesk } from './deposit-desk.ts';
import type { DeskPlace } from './desk.ts';

/** What the pages ask of an open practice, by subject. */
export class Desks {
  readonly [proxyMarker] = true;
  readonly care: CareDesk;
  readonly deposits: DepositDesk;

  constructor(at: DeskPlace) {
    this.care = new CareDesk(at);
    this.deposits = new DepositDesk(at);
  }
}
