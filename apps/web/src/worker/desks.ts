import { proxyMarker } from 'comlink';
import { CareDesk } from './care-desk.ts';
import { ConsultationDesk } from './consultation-desk.ts';
import { DepositDesk } from './deposit-desk.ts';
import type { DeskPlace } from './desk.ts';
import { DocumentDesk } from './document-desk.ts';
import { InboxDesk } from './inbox-desk.ts';
import { MeasuresDesk } from './measures-desk.ts';
import { NewsDesk } from './news-desk.ts';
import { OfflineDesk } from './offline-desk.ts';
import { PatientsDesk } from './patients-desk.ts';
import { PrivateNoteDesk } from './private-note-desk.ts';
import { SearchDesk } from './search-desk.ts';
import { TablesDesk } from './tables-desk.ts';
import { TemplateDesk } from './template-desk.ts';
import { TodayDesk } from './today-desk.ts';
import { TravelDesk } from './travel-desk.ts';

/** What the pages ask of an open practice, by subject. */
export class Desks {
  readonly [proxyMarker] = true;
  readonly consultations: ConsultationDesk;
  readonly care: CareDesk;
  readonly deposits: DepositDesk;
  readonly search: SearchDesk;
  readonly today: TodayDesk;
  readonly travel: TravelDesk;
  readonly documents: DocumentDesk;
  readonly tables: TablesDesk;
  readonly measures: MeasuresDesk;
  readonly patients: PatientsDesk;
  readonly privateNotes: PrivateNoteDesk;
  readonly templates: TemplateDesk;
  readonly offline: OfflineDesk;
  readonly inbox: InboxDesk;
  readonly news: NewsDesk;

  constructor(at: DeskPlace) {
    this.consultations = new ConsultationDesk(at);
    this.care = new CareDesk(at);
    this.deposits = new DepositDesk(at);
    this.search = new SearchDesk(at);
    this.today = new TodayDesk(at);
    this.travel = new TravelDesk(at);
    this.documents = new DocumentDesk(at);
    this.tables = new TablesDesk(at);
    this.measures = new MeasuresDesk(at, this.tables);
    this.patients = new PatientsDesk(at);
    this.privateNotes = new PrivateNoteDesk(at);
    this.templates = new TemplateDesk(at);
    this.offline = new OfflineDesk(at);
    this.inbox = new InboxDesk(at);
    this.news = new NewsDesk(at, this.deposits);
  }
}
