import type { Practice } from '@serment/replica/practice';
import { breakGlass, type FileAccess, fileAccess, restrictPatient } from '@serment/replica/restrictions';
import { Desk } from './desk.ts';
import { type Opening, Openings } from './openings.ts';

/** Who may read a file, and who did. */
export class AccessDesk extends Desk {
  /** Of each practice that is open. */
  readonly #openings = new WeakMap<Practice, Openings>();

  async read(patient: string): Promise<FileAccess> {
    return fileAccess(this.practice, patient);
  }

  /** Who may go on reading it, in hexadecimal; null for all who read medical files. */
  async restrict(patient: string, members: readonly string[] | null): Promise<void> {
    await restrictPatient(this.practice, patient, members);
    this.at.send({ type: 'patient', patient });
  }

  /** Lets this member read a restricted file, with a reason that is signed and shown to all of them. */
  async breakGlass(patient: string, reason: string): Promise<void> {
    await breakGlass(this.practice, patient, reason);
  }

  async openings(patient: string): Promise<readonly Opening[]> {
    const { practice } = this;
    const openings = this.#openings.get(practice) ?? new Openings(practice);
    this.#openings.set(practice, openings);
    return openings.of(patient);
  }
}
