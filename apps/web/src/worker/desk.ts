import type { Practice } from '@serment/replica/practice';
import { proxyMarker } from 'comlink';
import type { EngineEvent } from './protocol.ts';

/** What a desk stands on. */
export interface DeskPlace {
  /** The open practice: somebody is there. Throws CLOSED. */
  practice(): Practice;
  /** Tells every window. */
  send(event: EngineEvent): void;
  /** Called once keys were changed by what this person did. */
  keysChanged(): Promise<void>;
}

/** The part of the engine that the pages of one subject ask; it stays in the worker, and is called through the engine. */
export abstract class Desk {
  readonly [proxyMarker] = true;
  protected readonly at: DeskPlace;

  constructor(at: DeskPlace) {
    this.at = at;
  }

  protected get practice(): Practice {
    return this.at.practice();
  }
}
