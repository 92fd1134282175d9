import { proxyMarker } from 'comlink';
import { DepositDesk } from './deposit-desk.ts';
import type { DeskPlace } from './desk.ts';
import { PatientsDesk } from './patients-desk.ts';

/** What the pages ask of an open practice, by subject. */
export class Desks {
  readonly [proxyMarker] = true;
  readonly deposits: DepositDesk;
  readonly patients: PatientsDesk;

  constructor(at: DeskPlace) {
    this.deposits = new DepositDesk(at);
    this.patients = new PatientsDesk(at);
  }
}
