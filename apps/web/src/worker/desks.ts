import { proxyMarker } from 'comlink';
import type { AccessDesk } from './access-desk.ts';
import type { CareDesk } from './care-desk.ts';
import type { ConsultationDesk } from './consultation-desk.ts';
import type { CopyDesk } from './copy-desk.ts';
import type { DepositDesk } from './deposit-desk.ts';
import type { Desk, DeskPlace } from './desk.ts';
import type { DevicesDesk } from './devices-desk.ts';
import type { DocumentDesk } from './document-desk.ts';
import type { InboxDesk } from './inbox-desk.ts';
import type { KitsDesk } from './kits-desk.ts';
import { late } from './late.ts';
import type { MeasuresDesk } from './measures-desk.ts';
import type { MembersDesk } from './members-desk.ts';
import type { NewsDesk } from './news-desk.ts';
import type { OfflineDesk } from './offline-desk.ts';
import type { PatientsDesk } from './patients-desk.ts';
import { PresenceDesk } from './presence-desk.ts';
import type { PrivateNoteDesk } from './private-note-desk.ts';
import type { RelativesDesk } from './relatives-desk.ts';
import type { RescueDesk } from './rescue-desk.ts';
import type { RewindDesk } from './rewind-desk.ts';
import type { ScannedDesk } from './scanned-desk.ts';
import type { SearchDesk } from './search-desk.ts';
import type { TablesDesk } from './tables-desk.ts';
import type { TemplateDesk } from './template-desk.ts';
import type { TodayDesk } from './today-desk.ts';
import type { TravelDesk } from './travel-desk.ts';
import type { VaultDesk } from './vault-desk.ts';
import type { VersionsDesk } from './versions-desk.ts';

/** What the pages ask of an open practice, by subject. The code of most comes when it is first asked, or by `load`. */
export class Desks {
  readonly [proxyMarker] = true;
  readonly #loads: (() => Promise<unknown>)[] = [];
  readonly consultations: ConsultationDesk;
  readonly care: CareDesk;
  readonly deposits: DepositDesk;
  readonly search: SearchDesk;
  readonly today: TodayDesk;
  readonly travel: TravelDesk;
  readonly rewind: RewindDesk;
  readonly copies: CopyDesk;
  readonly documents: DocumentDesk;
  readonly tables: TablesDesk;
  readonly measures: MeasuresDesk;
  readonly patients: PatientsDesk;
  readonly privateNotes: PrivateNoteDesk;
  readonly templates: TemplateDesk;
  readonly offline: OfflineDesk;
  readonly inbox: InboxDesk;
  readonly presence: PresenceDesk;
  readonly relatives: RelativesDesk;
  readonly rescue: RescueDesk;
  readonly scanned: ScannedDesk;
  readonly news: NewsDesk;
  readonly members: MembersDesk;
  readonly devices: DevicesDesk;
  readonly kits: KitsDesk;
  readonly vault: VaultDesk;
  readonly access: AccessDesk;
  readonly versions: VersionsDesk;

  constructor(at: DeskPlace) {
    this.consultations = this.#late(async () => new (await import('./consultation-desk.ts')).ConsultationDesk(at));
    this.care = this.#late(async () => new (await import('./care-desk.ts')).CareDesk(at));
    this.deposits = this.#late(async () => new (await import('./deposit-desk.ts')).DepositDesk(at));
    this.search = this.#late(async () => new (await import('./search-desk.ts')).SearchDesk(at));
    this.today = this.#late(async () => new (await import('./today-desk.ts')).TodayDesk(at));
    this.travel = this.#late(async () => new (await import('./travel-desk.ts')).TravelDesk(at));
    this.rewind = this.#late(async () => new (await import('./rewind-desk.ts')).RewindDesk(at));
    this.copies = this.#late(async () => new (await import('./copy-desk.ts')).CopyDesk(at));
    this.documents = this.#late(async () => new (await import('./document-desk.ts')).DocumentDesk(at));
    this.tables = this.#late(async () => new (await import('./tables-desk.ts')).TablesDesk(at));
    this.measures = this.#late(async () => new (await import('./measures-desk.ts')).MeasuresDesk(at, this.tables));
    this.patients = this.#late(async () => new (await import('./patients-desk.ts')).PatientsDesk(at));
    this.privateNotes = this.#late(async () => new (await import('./private-note-desk.ts')).PrivateNoteDesk(at));
    this.templates = this.#late(async () => new (await import('./template-desk.ts')).TemplateDesk(at));
    this.offline = this.#late(async () => new (await import('./offline-desk.ts')).OfflineDesk(at));
    this.inbox = this.#late(async () => new (await import('./inbox-desk.ts')).InboxDesk(at));
    this.presence = new PresenceDesk(at);
    this.relatives = this.#late(async () => new (await import('./relatives-desk.ts')).RelativesDesk(at));
    this.rescue = this.#late(async () => new (await import('./rescue-desk.ts')).RescueDesk(at, this.relatives));
    this.scanned = this.#late(async () => new (await import('./scanned-desk.ts')).ScannedDesk(at));
    this.news = this.#late(async () => new (await import('./news-desk.ts')).NewsDesk(at, this.deposits));
    this.members = this.#late(async () => new (await import('./members-desk.ts')).MembersDesk(at));
    this.devices = this.#late(async () => new (await import('./devices-desk.ts')).DevicesDesk(at));
    this.kits = this.#late(async () => new (await import('./kits-desk.ts')).KitsDesk(at));
    this.vault = this.#late(async () => new (await import('./vault-desk.ts')).VaultDesk(at));
    this.access = this.#late(async () => new (await import('./access-desk.ts')).AccessDesk(at));
    this.versions = this.#late(async () => new (await import('./versions-desk.ts')).VersionsDesk(at));
  }

  /** Fetches the code of all. Throws what the browser throws when one does not come. */
  async load(): Promise<void> {
    await Promise.all(this.#loads.map((load) => load()));
  }

  #late<Of extends Desk>(make: () => Promise<Of>): Of {
    const { it, load } = late(make);
    this.#loads.push(load);
    return it;
  }
}
