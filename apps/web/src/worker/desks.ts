import { proxyMarker } from 'comlink';
import { ConsultationDesk } from './consultation-desk.ts';
import { DepositDesk } from './deposit-desk.ts';
import type { DeskPlace } from './desk.ts';
import { PrivateNoteDesk } from './private-note-desk.ts';
import { TemplateDesk } from './template-desk.ts';

/** What the pages ask of an open practice, by subject. */
export class Desks {
  readonly [proxyMarker] = true;
  readonly consultations: ConsultationDesk;
  readonly deposits: DepositDesk;
  readonly privateNotes: PrivateNoteDesk;
  readonly templates: TemplateDesk;

  constructor(at: DeskPlace) {
    this.consultations = new ConsultationDesk(at);
    this.deposits = new DepositDesk(at);
    this.privateNotes = new PrivateNoteDesk(at);
    this.templates = new TemplateDesk(at);
  }
}
