import { proxyMarker } from 'comlink';
import { DepositDesk } from './deposit-desk.ts';
import type { DeskPlace } from './desk.ts';
import { OfflineDesk } from './offline-desk.ts';

/** What the pages ask of an open practice, by subject. */
export class Desks {
  readonly [proxyMarker] = true;
  readonly deposits: DepositDesk;
  readonly offline: OfflineDesk;

  constructor(at: DeskPlace) {
    this.deposits = new DepositDesk(at);
    this.offline = new OfflineDesk(at);
  }
}
