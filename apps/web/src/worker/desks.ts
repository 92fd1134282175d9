import { proxyMarker } from 'comlink';
import { DepositDesk } from './deposit-desk.ts';
import type { DeskPlace } from './desk.ts';
import { InboxDesk } from './inbox-desk.ts';

/** What the pages ask of an open practice, by subject. */
export class Desks {
  readonly [proxyMarker] = true;
  readonly deposits: DepositDesk;
  readonly inbox: InboxDesk;

  constructor(at: DeskPlace) {
    this.deposits = new DepositDesk(at);
    this.inbox = new InboxDesk(at);
  }
}
