import type { PatientRow } from '@serment/replica/directory';
import type { Practice } from '@serment/replica/practice';
import type { FileView } from '../file-view/view.ts';
import type { Language } from '../i18n/language.ts';
import { Desks } from './desks.ts';
import type { EngineEvent, PracticeApi } from './protocol.ts';

const draftWaitMs = 700;

// What is made of records for the pages comes after the list, which needs none of it.
const forFiles = () => import('./shown-file.ts');

/** What the pages ask of an open practice: of its list and its files here, of the rest at its desks. */
export abstract class PracticeDesk implements PracticeApi {
  readonly desks = new Desks({
    practice: () => this.practice(),
    send: (event) => this.send(event),
    keysChanged: () => this.keysChanged(),
  });

  /** The open practice: somebody is there. Throws CLOSED. */
  protected abstract practice(): Practice;

  /** Tells every window. */
  protected abstract send(event: EngineEvent): void;

  /** Called once keys were changed by what this person did. */
  protected abstract keysChanged(): Promise<void>;

  async loadAll(): Promise<void> {
    await Promise.all([forFiles(), this.desks.load()]);
  }

  async patientCount(): Promise<number> {
    return this.practice().directory.size;
  }

  async patients(offset: number, limit: number): Promise<readonly PatientRow[]> {
    return this.practice().directory.list(offset, limit);
  }

  async search(query: string, limit: number): Promise<readonly PatientRow[]> {
    return this.practice().search(query, limit);
  }

  async recent(limit: number): Promise<readonly PatientRow[]> {
    return this.practice().recent(limit);
  }

  async patient(id: string): Promise<PatientRow | null> {
    return this.practice().directory.get(id);
  }

  async expectFile(patient: string): Promise<void> {
    this.practice().expectPatient(patient);
    await forFiles();
  }

  async openFile(patient: string, language: Language): Promise<FileView> {
    const [file, { shownFile }] = await Promise.all([this.practice().openPatient(patient), forFiles()]);
    return shownFile(this.practice(), file, language);
  }

  async readFile(patient: string, language: Language): Promise<FileView> {
    const [file, { shownFile }] = await Promise.all([this.practice().readPatient(patient), forFiles()]);
    return shownFile(this.practice(), file, language);
  }

  /** What another device typed is waited for only as long as a person would not notice; what is here comes at once. */
  async draft(key: string) {
    const { drafts } = this.practice();
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, draftWaitMs, 'late'));
    const newest = await Promise.race([drafts.get(key), late]);
    return newest === 'late' ? ((await drafts.list()).find((draft) => draft.key === key) ?? null) : newest;
  }

  async putDraft(key: string, text: string, seen: string | null): Promise<void> {
    await this.practice().drafts.put(key, text, seen);
    this.desks.presence.typed(key, text);
    this.send({ type: 'draft', key });
  }

  async dropDraft(key: string, seen: string | null): Promise<void> {
    await this.practice().drafts.drop(key, seen);
    this.desks.presence.typed(key, null);
    this.send({ type: 'draft', key });
  }

  async drafts() {
    return this.practice().drafts.list();
  }
}
