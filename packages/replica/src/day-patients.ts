import { readAppointment } from '@serment/records/fhir/appointment';
import type { Agenda } from './agenda.ts';

/** Who is expected today, from the appointments that the practice's agenda holds. */
export class DayPatients {
  readonly #agenda: Agenda;
  readonly #clock: () => number;

  constructor(agenda: Agenda, clock: () => number) {
    this.#agenda = agenda;
    this.#clock = clock;
  }

  /** `Patient/…`, each once, in the order of the hours. By this device's clock and zone. Throws UNREACHABLE and the like. */
  async list(): Promise<readonly string[]> {
    const today = dayOf(this.#clock());
    const { records } = await this.#agenda.around(today.slice(0, 7));
    const appointments = records.flatMap(({ resource }) => {
      const read = readAppointment(resource);
      // Nobody comes for what was cancelled.
      if (read === null || read.startMs === null || read.state === 'cancelled') return [];
      return dayOf(read.startMs) === today ? [{ startMs: read.startMs, patients: read.patients }] : [];
    });
    appointments.sort((left, right) => left.startMs - right.startMs);
    return [...new Set(appointments.flatMap(({ patients }) => patients))];
  }
}

/** `YYYY-MM-DD` where this device is. */
export function dayOf(timeMs: number): string {
  const at = new Date(timeMs);
  const part = (number: number) => String(number).padStart(2, '0');
  return `${at.getFullYear()}-${part(at.getMonth() + 1)}-${part(at.getDate())}`;
}
