import { proxyMarker } from 'comlink';
import { DepositDesk } from './deposit-desk.ts';
import type { DeskPlace } from './desk.ts';
import { MeasuresDesk } from './measures-desk.ts';
import { TablesDesk } from './tables-desk.ts';

/** What the pages ask of an open practice, by subject. */
export class Desks {
  readonly [proxyMarker] = true;
  readonly deposits: DepositDesk;
  readonly tables: TablesDesk;
  readonly measures: MeasuresDesk;

  constructor(at: DeskPlace) {
    this.deposits = new DepositDesk(at);
    this.tables = new TablesDesk(at);
    this.measures = new MeasuresDesk(at, this.tables);
  }
}
