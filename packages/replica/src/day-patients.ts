import { bytesToHex } from '@serment/core/bytes';
import type { Keyring } from './keyring.ts';
import { followStream, loadStream, type StreamParts, type StreamView } from './stream-view.ts';

export interface DayPatientsParts extends StreamParts {
  readonly keyring: Keyring;
  readonly clock: () => number;
}

/** Nobody comes for these. */
const withdrawn = new Set(['cancelled', 'entered-in-error']);

/** Who is expected today, from the appointments that the practice's agenda holds. */
export class DayPatients {
  readonly #parts: DayPatientsParts;
  #view: StreamView | null = null;

  constructor(parts: DayPatientsParts) {
    this.#parts = parts;
  }

  /** `Patient/…`, each once, in the order of the hours. By this device's clock and zone. Throws UNREACHABLE and the like. */
  async list(): Promise<readonly string[]> {
    const today = dayOf(this.#parts.clock());
    const records = [...(await this.#month(today.slice(0, 7))).state.records.values()];
    const appointments = records.flatMap(({ id, current }) => {
      const last = current.at(-1);
      if (!id.startsWith('Appointment/') || last?.content == null || last.change === 'entered-in-error') return [];
      const appointment = readAppointment(last.content);
      return appointment !== null && dayOf(appointment.start) === today ? [appointment] : [];
    });
    appointments.sort((left, right) => left.start - right.start);
    return [...new Set(appointments.flatMap(({ patients }) => patients))];
  }

  clear(): void {
    this.#view = null;
  }

  async #month(month: string): Promise<StreamView> {
    const stream = this.#parts.keyring.stream('admin', `agenda/${month}`);
    if (this.#view !== null && bytesToHex(this.#view.stream.id) === bytesToHex(stream.id)) {
      await followStream(this.#view, this.#parts);
      return this.#view;
    }
    this.#view = await loadStream(stream, this.#parts);
    return this.#view;
  }
}

interface ReadAppointment {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly patients: readonly string[];
}

/** As far as it can be read, whoever wrote it; null for what is nobody's, or has no hour. */
function readAppointment(content: string): ReadAppointment | null {
  const resource: unknown = JSON.parse(content);
  const start =
    typeof field(resource, 'start') === 'string' ? Date.parse(String(field(resource, 'start'))) : Number.NaN;
  if (Number.isNaN(start) || withdrawn.has(String(field(resource, 'status')))) return null;
  const participants = field(resource, 'participant');
  const patients = (Array.isArray(participants) ? participants : []).flatMap((participant: unknown) => {
    const reference = field(field(participant, 'actor'), 'reference');
    return typeof reference === 'string' && /^Patient\/[A-Za-z0-9.-]{1,64}$/.test(reference) ? [reference] : [];
  });
  return { start, patients };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** `YYYY-MM-DD` where this device is. */
function dayOf(timeMs: number): string {
  const at = new Date(timeMs);
  const part = (number: number) => String(number).padStart(2, '0');
  return `${at.getFullYear()}-${part(at.getMonth() + 1)}-${part(at.getDate())}`;
}
