import type { PendingDrill } from '@serment/core/wire/drill';
import type { Certificate } from '@serment/replica/certificate/certificate';
import { acknowledgeRestore } from '@serment/replica/device';
import { drillCertificate } from '@serment/replica/drill-certificate';
import { type DrillView, drillHistory } from '@serment/replica/drill-record';
import type { RereadView } from '@serment/replica/reread-record';
import { type RestoreLoss, restoreLoss } from '@serment/replica/restore-loss';
import { type SealedView, sealedView } from '@serment/replica/sealed-view';
import { type VaultEvents, type VaultView, vaultEvents, vaultView } from '@serment/replica/vault';
import { dropWitness, nameWitness } from '@serment/replica/witnesses';
import { tellsByEntry } from '../file-view/sealed-tells.ts';
import type { Language } from '../i18n/language.ts';
import { Desk } from './desk.ts';

/** An entry as the host holds it, and the records whose current version it is. */
export interface SealedEntry extends SealedView {
  readonly tells: readonly string[];
  readonly more: number;
}

/** With the name of its member; null when it is not known. */
export interface NamedReread extends RereadView {
  readonly name: string | null;
}

/** A save that the host will not have: kept sealed here until a person decides. */
export interface RefusedSave {
  readonly id: string;
  readonly at: number;
  /** The host's refusal, a code. */
  readonly problem: string;
}

/** The vault itself: what the host holds, what happened to it, what it refused, and what a restored one lacks. */
export class VaultDesk extends Desk {
  async view(): Promise<VaultView> {
    return vaultView(this.practice);
  }

  /** What happened to the vault, newest first. */
  async events(limit: number): Promise<VaultEvents> {
    return vaultEvents(this.practice, limit);
  }

  /** Names a witness by the line that it printed. */
  async nameWitness(line: string): Promise<void> {
    await nameWitness(this.practice, line);
    await this.practice.sync();
  }

  /** Lets a witness go, by its key. */
  async dropWitness(key: string): Promise<void> {
    await dropWitness(this.practice, key);
    await this.practice.sync();
  }

  /** What restoring the copies came to, newest first. */
  async drills(limit: number): Promise<{ readonly drills: readonly DrillView[]; readonly hasMore: boolean }> {
    return drillHistory(this.practice.mirror, limit);
  }

  /** Drills that the host has not done yet, or gave up. */
  async pendingDrills(): Promise<readonly PendingDrill[]> {
    return this.practice.transport.pendingDrills();
  }

  /** Has the host restore a copy to prove it. */
  async askDrill(copy: string): Promise<void> {
    await this.practice.transport.askDrill(copy);
  }

  /** What the practice's own devices found of the copies, newest first, with the member whose device it was. */
  async rereads(limit: number): Promise<{ readonly rereads: readonly NamedReread[]; readonly hasMore: boolean }> {
    const { practice } = this;
    const { rereads, hasMore } = await practice.rereads.history(limit);
    const named = rereads.map((reread) => {
      const name = reread.member === null ? null : practice.memberName(reread.member);
      return { ...reread, name };
    });
    return { rereads: named, hasMore };
  }

  /** Reads a copy back now; what came of it stands in the journal. */
  async reread(copy: string): Promise<void> {
    await this.practice.rereads.run(copy);
    await this.practice.sync();
  }

  /** What a certificate of a drill says, checked by this device. */
  async certificate(index: number): Promise<Certificate> {
    return drillCertificate(this.practice, index);
  }

  /** What the host holds of a file, with what the practice reads there. */
  async sealedView(patient: string, language: Language): Promise<readonly SealedEntry[]> {
    const { practice } = this;
    const told = tellsByEntry(await practice.readPatient(patient), language);
    const entries = await sealedView(practice, patient);
    return entries.map((entry) => ({ ...entry, ...(told.get(entry.index) ?? { tells: [], more: 0 }) }));
  }

  async refusedSaves(): Promise<readonly RefusedSave[]> {
    return this.practice.outbox.items.flatMap(({ id, createdAt, problem }) =>
      problem === null ? [] : [{ id, at: createdAt, problem }],
    );
  }

  async retrySave(id: string): Promise<void> {
    await this.practice.retrySave(id);
  }

  /** Gives a refused save up: it is shown no more. */
  async discardSave(id: string): Promise<void> {
    await this.practice.discardSave(id);
  }

  /** What a restored vault lacks, as far as this device can tell; null when none waits to be accepted. */
  async restoreLoss(): Promise<RestoreLoss | null> {
    return restoreLoss(this.practice);
  }

  /** Says, in this member's name, that a restored vault is the one to go on with. */
  async acknowledgeRestore(): Promise<void> {
    const { practice } = this;
    await acknowledgeRestore(practice);
    await practice.sync();
  }
}
