import type { KeptFile } from '@serment/replica/kept-files';
import { Desk } from './desk.ts';

/** What of the practice reads here without the line. */
export class OfflineDesk extends Desk {
  /** How far a file is kept on this device. */
  async kept(patient: string): Promise<KeptFile> {
    return this.practice.kept.of(patient);
  }

  async pin(patient: string): Promise<void> {
    await this.practice.kept.pin(patient);
  }

  async unpin(patient: string): Promise<void> {
    await this.practice.kept.unpin(patient);
  }
}
