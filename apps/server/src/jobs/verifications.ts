import { type ChildProcess, execFile } from 'node:child_process';
import { join } from 'node:path';
import { jsonCount, jsonText, parseJson, parseObject } from '@serment/core/wire/json';
import type { CopyPlace } from '@serment/store/copy/places';
import type { FastifyBaseLogger } from 'fastify';

/** What the last whole reading of a copy found of one practice. */
export interface Verification {
  readonly verifiedAt: number;
  readonly verifiedSize: number;
  readonly verifiedFindings: number;
}

interface Asked {
  readonly place: CopyPlace;
  readonly practice: string;
}

/** A copy that is being read: of one practice (in hexadecimal), or of all for null. */
export interface Underway {
  readonly copy: string;
  readonly practice: string | null;
}

export interface VerificationsOptions {
  /** Those that are written now. */
  readonly places: () => readonly CopyPlace[];
  /** Practices, in hexadecimal, that a copy holds entries of. */
  readonly held: (place: CopyPlace) => readonly string[];
  readonly onVerified: (practice: string) => void;
  readonly clock: () => number;
  readonly log: FastifyBaseLogger;
}

const lookEveryMs = 30_000;
const verifyEveryMs = 86_400_000;
const maxOutputBytes = 16_777_216;

/** Reads every copy whole once a day, and a practice's first copy soon after it was made. */
export class Verifications {
  readonly #options: VerificationsOptions;
  /** By copy and practice. */
  readonly #found = new Map<CopyPlace, Map<string, Verification>>();
  readonly #timer: ReturnType<typeof setInterval>;
  /** Asked for by a person, first come first served. */
  readonly #asked: Asked[] = [];
  #running: (Underway & { readonly child: ChildProcess }) | null = null;

  constructor(options: VerificationsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#timer.unref();
  }

  of(place: CopyPlace, practice: string): Verification | null {
    return this.#found.get(place)?.get(practice) ?? null;
  }

  /** Reads one practice's copy before what is due by itself. */
  ask(place: CopyPlace, practice: string): void {
    const isWaiting = this.#asked.some((one) => one.place === place && one.practice === practice);
    if (!isWaiting) this.#asked.push({ place, practice });
    this.#look();
  }

  /** What is read now, and how much somebody asked for besides. */
  underWay(): { readonly verifying: Underway | null; readonly waiting: number } {
    const verifying = this.#running && { copy: this.#running.copy, practice: this.#running.practice };
    return { verifying, waiting: this.#asked.length };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#asked.length = 0;
    this.#running?.child.kill();
  }

  /** One copy at a time. */
  #look(): void {
    const { places, held, clock } = this.#options;
    if (this.#running !== null) return;
    const asked = this.#asked.shift();
    if (asked !== undefined) {
      this.#verify(asked.place, asked.practice);
      return;
    }
    const isDue = (place: CopyPlace) => (practice: string) =>
      clock() - (this.of(place, practice)?.verifiedAt ?? 0) > verifyEveryMs;
    const due = places().find((place) => held(place).some(isDue(place)));
    if (due !== undefined) this.#verify(due, null);
  }

  /** One practice, or all for null. */
  #verify(place: CopyPlace, only: string | null): void {
    const { clock, log, onVerified } = this.#options;
    const script = join(import.meta.dirname, 'verify-copy.ts');
    const args = [script, ...(only === null ? [] : [only])];
    const child = execFile(process.execPath, args, { maxBuffer: maxOutputBytes }, (error, output) => {
      this.#running = null;
      if (error !== null) {
        if (error.killed === true) return;
        log.warn({ err: error }, 'a copy could not be verified');
        if (this.#asked.length > 0) this.#look();
        return;
      }
      for (const { practice, size, damages } of parseVerified(output)) {
        const found = this.#found.get(place) ?? new Map<string, Verification>();
        this.#found.set(place, found);
        found.set(practice, { verifiedAt: clock(), verifiedSize: size, verifiedFindings: damages });
        onVerified(practice);
      }
      if (this.#asked.length > 0) this.#look();
    });
    // Not among its arguments, which every account of the machine can list: a place may hold credentials.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(JSON.stringify(place));
    this.#running = { copy: place.name, practice: only, child };
  }
}

function parseVerified(output: string): { practice: string; size: number; damages: number }[] {
  const list = parseObject(parseJson(output), ['practices'])('practices');
  if (!Array.isArray(list)) return [];
  return list.map((item: unknown) => {
    const of = parseObject(item, ['practice', 'size', 'damages']);
    return { practice: jsonText(of('practice')), size: jsonCount(of('size')), damages: jsonCount(of('damages')) };
  });
}
