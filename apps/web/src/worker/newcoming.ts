import type { EnrolmentEnding } from '@serment/core/wire/enrolment';
import { EnrolmentNewcomer } from '@serment/replica/enrolment-newcomer';
import { ReplicaError } from '@serment/replica/error';
import type { Enrolled } from './creation.ts';
import type { EnrollingParts } from './enrolling.ts';
import type { NewcomerShown, NewcomerView } from './protocol.ts';

/** This browser, while an open device of its member is to add it. */
export class Newcoming {
  readonly #parts: EnrollingParts;
  #newcomer: EnrolmentNewcomer | null = null;

  constructor(parts: EnrollingParts) {
    this.#parts = parts;
  }

  /** Begins anew: what was begun before is given up. */
  async begin(): Promise<NewcomerShown> {
    await this.end('cancelled').catch(() => undefined);
    const { transport, random } = this.#parts;
    const newcomer = await EnrolmentNewcomer.begin({ transport, random });
    this.#newcomer = newcomer;
    const { reference, qr, expires } = newcomer;
    return { reference, qr, expires };
  }

  async look(): Promise<NewcomerView> {
    const step = await this.#begun().look();
    if (step.step !== 'compare') return step;
    return { step: 'compare', code: step.code, isProven: step.isProven };
  }

  agree(): void {
    this.#begun().agree();
  }

  async end(ending: EnrolmentEnding): Promise<void> {
    const newcomer = this.#newcomer;
    this.#newcomer = null;
    await newcomer?.end(ending);
  }

  enter(): Promise<Enrolled> {
    return this.#begun().enter(this.#parts.onProgress);
  }

  /** Once the device is kept. */
  forget(): void {
    this.#newcomer = null;
  }

  #begun(): EnrolmentNewcomer {
    if (this.#newcomer === null) throw new ReplicaError('ENROLMENT_EXPIRED', 'No device is being added here');
    return this.#newcomer;
  }
}
