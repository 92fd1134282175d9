import { bytesToHex, hexToBytes } from '@serment/core/bytes';
import { kitTestValue } from '@serment/core/keys/kit';
import { seedToSigner } from '@serment/core/keys/signing';
import { DrawnKit } from '@serment/replica/drawn-kit';
import { ReplicaError } from '@serment/replica/error';
import { type KitStanding, kitStanding, readKit } from '@serment/replica/kit-reading';
import type { Practice } from '@serment/replica/practice';
import { Desk } from './desk.ts';
import { KitReadBack, kitUnread } from './kit-read-back.ts';
import type { PrintedKit } from './protocol.ts';

export interface KitAnswer {
  readonly testValue: string;
  readonly standing: KitStanding;
  /** Whether it is to be replaced. */
  readonly hasServed: boolean;
}

/** The kits of this member: those on paper, and one being made. */
export class KitsDesk extends Desk {
  #drawn: { readonly practice: Practice; readonly kit: DrawnKit; readonly readBack: KitReadBack } | null = null;

  /**
   * The test value of a kit that was typed, and whether it opens this practice, told from the verified journal: nothing is
   * sent. Throws what `readKit` throws.
   */
  async test(kitText: string): Promise<KitAnswer> {
    const { practice } = this;
    const kit = readKit(kitText);
    const author = bytesToHex((await seedToSigner(kit.seed)).author);
    const standing = await kitStanding(kit, practice.practice, practice.mirror.governance);
    const hasServed = practice.status().kits.used.some((used) => used.author === author);
    return { testValue: kitTestValue(kit.seed), standing, hasServed };
  }

  /** Draws a kit of this member, to be printed: it opens nothing before it is named. */
  async draw(): Promise<PrintedKit> {
    const { practice } = this;
    const kit = await DrawnKit.draw(practice);
    if (this.practice !== practice) throw new ReplicaError('CLOSED', 'The vault was locked meanwhile');
    this.#forgetDrawn();
    const readBack = new KitReadBack(kit.printed, practice.practice, practice.random);
    this.#drawn = { practice, kit, readBack };
    practice.subscribe(({ type }) => {
      if (type === 'closed' && this.#drawn?.kit === kit) this.#forgetDrawn();
    });
    return readBack.kit;
  }

  /** Numbers, from 1, of the groups of the kit drawn last that were typed wrongly; empty when it was read back right. */
  async checkDrawn(answers: readonly string[]): Promise<readonly number[]> {
    return this.#drawnKit().readBack.check(answers);
  }

  /** Puts the kit that was drawn into service, and withdraws those that it replaces. Throws KIT_UNREAD until it was read back. */
  async nameDrawn(replaced: readonly string[]): Promise<void> {
    const { kit, readBack } = this.#drawnKit();
    readBack.requireRead();
    await kit.name(replaced.map(hexToBytes));
    this.#forgetDrawn();
    await this.at.keysChanged();
  }

  /** What was drawn and not named is on paper alone from here on. */
  #forgetDrawn(): void {
    this.#drawn?.kit.forget();
    this.#drawn = null;
  }

  #drawnKit() {
    const { practice } = this;
    if (this.#drawn?.practice !== practice) throw kitUnread();
    return this.#drawn;
  }
}
