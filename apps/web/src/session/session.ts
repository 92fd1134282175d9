import type { SaveState } from '@serment/replica/patient-file';
import { connectEngine, type EngineProxy } from '../worker/connect.ts';
import type { EngineEvent, EngineState } from '../worker/protocol.ts';
import { Delayed } from './delayed.ts';
import { leaveForms } from './leaving.ts';

/** The save that this window made last, shown in one place until the next. */
export interface LastSave {
  readonly id: string;
  readonly what: string;
  readonly patient: string;
  readonly state: SaveState;
  readonly copiedAt: number | null;
}

export interface SessionState {
  readonly engine: EngineState;
  readonly lastSave: LastSave | null;
  /** Saves that waited when the practice was locked; 0 otherwise. */
  readonly leftPending: number;
  /** Somebody else is to unlock: nobody is taken for granted on the lock screen. */
  readonly isSwitching: boolean;
}

type Watcher = (event: EngineEvent) => void;

/** What this window knows of the worker: one state, and events for those who watch. */
export class Session {
  readonly engine: EngineProxy;
  readonly delayed = new Delayed();
  #state: SessionState;
  readonly #listeners = new Set<() => void>();
  readonly #watchers = new Set<Watcher>();
  /** States that came before the page knew that the save was its own. */
  readonly #early = new Map<string, { state: SaveState; copiedAt: number | null }>();

  static async start(): Promise<Session> {
    const waiting: EngineEvent[] = [];
    let take: Watcher = (event) => waiting.push(event);
    const { engine, state } = await connectEngine((event) => take(event));
    const session = new Session(engine, state);
    take = (event) => session.#take(event);
    for (const event of waiting) session.#take(event);
    return session;
  }

  private constructor(engine: EngineProxy, state: EngineState) {
    this.engine = engine;
    this.#state = { engine: state, lastSave: null, leftPending: 0, isSwitching: false };
  }

  get state(): SessionState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly current = (): SessionState => this.#state;

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Says what was just saved: its state is followed from now on. */
  saved(save: Pick<LastSave, 'id' | 'what' | 'patient'>): void {
    const early = this.#early.get(save.id);
    this.#set({ lastSave: { ...save, state: early?.state ?? 'device', copiedAt: early?.copiedAt ?? null } });
  }

  /** Locks at once whoever is in; what was typed is sealed already. */
  switchPerson(): void {
    leaveForms();
    this.#set({ isSwitching: true });
    void this.engine.lock();
  }

  #take(event: EngineEvent): void {
    if (event.type === 'state') this.#takeState(event.state);
    if (event.type === 'status') this.#set({ engine: { ...this.#state.engine, status: event.status } });
    if (event.type === 'save') {
      const { id, state, copiedAt } = event;
      this.#early.set(id, { state, copiedAt });
      const { lastSave } = this.#state;
      if (lastSave?.id === id) this.#set({ lastSave: { ...lastSave, state, copiedAt } });
    }
    for (const watcher of this.#watchers) watcher(event);
  }

  #takeState(engine: EngineState): void {
    if (engine.phase === 'open') {
      this.#set({ engine, leftPending: 0, isSwitching: false });
      return;
    }
    this.delayed.clear();
    this.#set({ engine, lastSave: null, leftPending: this.#state.engine.status?.pending ?? this.#state.leftPending });
  }

  #set(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}
