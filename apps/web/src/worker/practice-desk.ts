import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import type { EnrolmentEnding } from '@serment/core/wire/enrolment';
import { acknowledgeRestore } from '@serment/replica/device';
import { deviceName, nameDevice } from '@serment/replica/device-names';
import type { PatientRow } from '@serment/replica/directory';
import { leftDrafts, takeDraft } from '@serment/replica/draft-handover';
import { DrawnKit } from '@serment/replica/kits';
import {
  cancelInvitation,
  freezeDevice,
  removeMember,
  revokeDevice,
  setTerm,
  type Term,
  unfreezeDevice,
} from '@serment/replica/members';
import { closeOtherSessions, closeSession, openSessions } from '@serment/replica/open-sessions';
import type { Practice } from '@serment/replica/practice';
import { restoreLoss } from '@serment/replica/restore-loss';
import { breakGlass, fileAccess, restrictPatient } from '@serment/replica/restrictions';
import { patientOfDraft } from '../file-view/draft-key.ts';
import type { FileView } from '../file-view/view.ts';
import type { Language } from '../i18n/language.ts';
import { Adding } from './adding.ts';
import { Desks } from './desks.ts';
import { KitReadBack, kitUnread } from './kit-read-back.ts';
import { testKit } from './kit-test.ts';
import { invite, inviteAnew } from './membership.ts';
import { openingsOf } from './openings.ts';
import type { EngineEvent, NewMemberInput, PracticeApi } from './protocol.ts';
import { keepVersion, type VersionChoice } from './saves.ts';

const draftWaitMs = 700;

// What is made of records for the pages comes after the list, which needs none of it.
const forFiles = () => import('./shown-file.ts');
const forHistories = () => import('../file-view/history.ts');
const forTells = () => import('../file-view/sealed-tells.ts');

/** What the pages ask of an open practice. */
export abstract class PracticeDesk implements PracticeApi {
  readonly desks = new Desks({ practice: () => this.practice(), send: (event) => this.send(event) });
  readonly #adding = new Adding();

  /** The open practice: somebody is there. Throws CLOSED. */
  protected abstract practice(): Practice;

  /** Tells every window. */
  protected abstract send(event: EngineEvent): void;

  /** Called once keys were changed by what this person did. */
  protected abstract keysChanged(): Promise<void>;

  #drawn: { readonly kit: DrawnKit; readonly readBack: KitReadBack } | null = null;

  async loadAll(): Promise<void> {
    await Promise.all([forFiles(), forHistories(), forTells(), this.desks.load()]);
  }

  async restoreLoss() {
    return restoreLoss(this.practice());
  }

  async acknowledgeRestore(): Promise<void> {
    await acknowledgeRestore(this.practice());
    await this.practice().sync();
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

  async openFile(patient: string, language: Language): Promise<FileView> {
    const [file, { shownFile }] = await Promise.all([this.practice().openPatient(patient), forFiles()]);
    return shownFile(this.practice(), file, language);
  }

  async readFile(patient: string, language: Language): Promise<FileView> {
    const [file, { shownFile }] = await Promise.all([this.practice().readPatient(patient), forFiles()]);
    return shownFile(this.practice(), file, language);
  }

  async history(patient: string, recordId: string, language: Language) {
    const [versions, { historyView }] = await Promise.all([this.practice().history(patient, recordId), forHistories()]);
    return historyView(versions, language);
  }

  async openings(patient: string) {
    return openingsOf(this.practice(), patient);
  }

  async fileAccess(patient: string) {
    return fileAccess(this.practice(), patient);
  }

  async restrictFile(patient: string, members: readonly string[] | null) {
    await restrictPatient(this.practice(), patient, members);
    this.send({ type: 'patient', patient });
  }

  async breakGlass(patient: string, reason: string) {
    await breakGlass(this.practice(), patient, reason);
  }

  async keepVersion(choice: VersionChoice) {
    return keepVersion(this.practice(), choice);
  }

  /** What another device typed is waited for only as long as a person would not notice; what is here comes at once. */
  async draft(key: string) {
    const { drafts } = this.practice();
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, draftWaitMs, 'late'));
    const newest = await Promise.race([drafts.get(key), late]);
    return newest === 'late' ? ((await drafts.list()).find((draft) => draft.key === key) ?? null) : newest;
  }

  async putDraft(key: string, text: string): Promise<void> {
    await this.practice().drafts.put(key, text);
    this.desks.presence.typed(key, text);
    this.send({ type: 'draft', key });
  }

  async dropDraft(key: string): Promise<void> {
    await this.practice().drafts.drop(key);
    this.desks.presence.typed(key, null);
    this.send({ type: 'draft', key });
  }

  async drafts() {
    return this.practice().drafts.list();
  }

  async leftDrafts(member: string) {
    const practice = this.practice();
    const { drafts, unreadable } = await leftDrafts(practice, member, patientOfDraft);
    const rowOf = (patient: string | null) => (patient === null ? null : practice.directory.get(patient));
    return { drafts: drafts.map((draft) => ({ ...draft, row: rowOf(draft.patient) })), unreadable };
  }

  async takeDraft(member: string, key: string): Promise<void> {
    await takeDraft(this.practice(), { member, key }, patientOfDraft);
    this.send({ type: 'draft', key });
  }

  async memberName(member: string) {
    return this.practice().memberName(member);
  }

  invite(input: NewMemberInput) {
    return invite(this.practice(), input);
  }

  inviteAnew(member: string) {
    return inviteAnew(this.practice(), member);
  }

  cancelInvitation(member: string): Promise<void> {
    return cancelInvitation(this.practice(), member);
  }

  setTerm(member: string, term: Term | null): Promise<void> {
    return setTerm(this.practice(), member, term);
  }

  setFrozen(author: string, isFrozen: boolean): Promise<void> {
    return (isFrozen ? freezeDevice : unfreezeDevice)(this.practice(), hexToBytes(author));
  }

  async deviceName() {
    const practice = this.practice();
    return deviceName(practice, bytesToHex(practice.keyring.signer.author));
  }

  nameDevice(name: string, author?: string): Promise<void> {
    const practice = this.practice();
    return nameDevice(practice, author === undefined ? practice.keyring.signer.author : hexToBytes(author), name);
  }

  async openSessions() {
    return openSessions(this.practice());
  }

  closeSession(session: string): Promise<boolean> {
    return closeSession(this.practice(), session);
  }

  closeOtherSessions(): Promise<void> {
    return closeOtherSessions(this.practice());
  }

  async revokeDevice(author: string): Promise<void> {
    await revokeDevice(this.practice(), hexToBytes(author));
    await this.keysChanged();
  }

  async removeMember(member: string): Promise<void> {
    await removeMember(this.practice(), member);
    await this.keysChanged();
  }

  async beginAdding(text: string): Promise<void> {
    await this.#adding.begin(this.practice(), text);
  }

  async lookAdding() {
    return this.#adding.look(this.practice());
  }

  async approveAdding(): Promise<void> {
    await this.#adding.approve(this.practice());
  }

  endAdding(ending: EnrolmentEnding): Promise<void> {
    return this.#adding.end(ending);
  }

  async vault() {
    return this.practice().vault();
  }

  async vaultEvents(limit: number) {
    return this.practice().vaultEvents(limit);
  }

  async sealedView(patient: string, language: Language) {
    const practice = this.practice();
    const { tellsByEntry } = await forTells();
    const told = tellsByEntry(await practice.readPatient(patient), language);
    const entries = await practice.sealedView(patient);
    return entries.map((entry) => ({ ...entry, ...(told.get(entry.index) ?? { tells: [], more: 0 }) }));
  }

  async refusedSaves() {
    return this.practice().outbox.items.flatMap(({ id, createdAt, problem }) =>
      problem === null ? [] : [{ id, at: createdAt, problem }],
    );
  }

  async retrySave(id: string): Promise<void> {
    await this.practice().retrySave(id);
  }

  async discardSave(id: string): Promise<void> {
    await this.practice().discardSave(id);
  }

  async testKit(kitText: string) {
    return testKit(this.practice(), kitText);
  }

  async drawKit() {
    const practice = this.practice();
    const kit = await DrawnKit.draw(practice);
    this.forgetDrawnKit();
    const readBack = new KitReadBack(kit.printed, practice.practice, practice.random);
    this.#drawn = { kit, readBack };
    return readBack.kit;
  }

  async checkDrawnKit(answers: readonly string[]) {
    return this.#drawnKit().readBack.check(answers);
  }

  async nameKit(replaced: readonly string[]): Promise<void> {
    const { kit, readBack } = this.#drawnKit();
    readBack.requireRead();
    await kit.name(replaced.map(hexToBytes));
    this.forgetDrawnKit();
    await this.keysChanged();
  }

  /** What was drawn and not named is on paper alone from here on. */
  protected forgetDrawnKit(): void {
    this.#drawn?.kit.forget();
    this.#drawn = null;
  }

  #drawnKit() {
    this.practice();
    if (this.#drawn === null) throw kitUnread();
    return this.#drawn;
  }
}
