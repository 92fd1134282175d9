import type { Practice } from '@serment/replica/practice';
import type { PresentFile } from '@serment/replica/presence';
import { draftValue, isConsultationDraft, patientOfDraft } from '../file-view/draft-key.ts';
import { Desk } from './desk.ts';

/** A file as one window shows it: its patient first, then those whose records are read with it. */
interface Showing {
  readonly practice: Practice;
  readonly patients: readonly [string, ...string[]];
}

/** What the windows of this browser show, as the practice's other devices are told of it, and who else shows what. */
export class PresenceDesk extends Desk {
  /** By the lock that its window holds, the last one shown last. */
  readonly #showings = new Map<string, Showing>();
  /** Keys of the consultations that are being typed here. */
  readonly #typed = new Set<string>();

  /**
   * Says that a window shows a file for as long as it holds the browser's lock of that name: a window that is closed, or
   * ends without a word, lets go of it. Gives what other devices show now.
   */
  async show(patients: readonly [string, ...string[]], lock: string): Promise<readonly PresentFile[]> {
    const { practice } = this;
    this.#showings.set(lock, { practice, patients });
    this.#say(practice);
    void navigator.locks.request(lock, () => {
      this.#showings.delete(lock);
      this.#say(practice);
    });
    return practice.presence.present;
  }

  /** A draft was typed; null once it is gone. Whoever went to another patient meanwhile does not write in it. */
  typed(key: string, text: string | null): void {
    if (!isConsultationDraft(key)) return;
    const isLeft = text === null || draftValue(text)?.parked != null;
    if (isLeft) this.#typed.delete(key);
    else this.#typed.add(key);
    for (const practice of new Set([...this.#showings.values()].map((showing) => showing.practice)))
      this.#say(practice);
  }

  #say(practice: Practice): void {
    const shown = new Map<string, Showing['patients']>();
    for (const showing of [...this.#showings.values()].reverse())
      if (showing.practice === practice && !shown.has(showing.patients[0]))
        shown.set(showing.patients[0], showing.patients);
    // Who comes back to a draft that was left writes again with its next keystroke.
    for (const key of this.#typed) if (!shown.has(patientOfDraft(key) ?? '')) this.#typed.delete(key);
    const written = new Set([...this.#typed].map(patientOfDraft));
    practice.presence.show([...shown].map(([patient, patients]) => ({ patients, writes: written.has(patient) })));
  }
}
