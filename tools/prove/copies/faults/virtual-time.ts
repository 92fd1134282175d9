import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';

type Callback = (...args: unknown[]) => void;

interface Timer {
  due: number;
  readonly everyMs: number | null;
  readonly call: () => void;
}

const RealDate = Date;
const real = {
  now: Date.now,
  performanceNow: performance.now.bind(performance),
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  setImmediate,
};

/**
 * This process's clocks and timers, which can be made to run ahead of the machine's: `pass` lets time go by at once, and
 * everything that was due in it happens, in its order. Put in the place of the system's own by `install`.
 */
class VirtualTime {
  #passedMs = 0;
  #jumpedMs = 0;
  readonly #timers = new Map<unknown, Timer>();

  install(): void {
    const { Date: Patched, performanceNow } = this.#clocks();
    globalThis.Date = Patched;
    Object.defineProperty(performance, 'now', { configurable: true, value: performanceNow });
    const later = (callback: Callback, ms = 0, ...args: unknown[]) => this.#setTimeout(() => callback(...args), ms);
    const wait = (ms = 0, value?: unknown, options: { signal?: AbortSignal; ref?: boolean } = {}) =>
      this.#wait(ms, value, options);
    Object.assign(later, { [promisify.custom]: wait });
    const every = (callback: Callback, ms = 0, ...args: unknown[]) => this.#setInterval(() => callback(...args), ms);
    const clear = (timer: unknown) => this.#clear(timer);
    Object.assign(globalThis, { setTimeout: later, setInterval: every, clearTimeout: clear, clearInterval: clear });
    Object.assign(timersPromises, { setTimeout: wait });
    syncBuiltinESMExports();
  }

  /** Sets the clock of the day, which nothing but `reset` sets back, and no timer follows. */
  jump(ms: number): void {
    this.#jumpedMs += ms;
  }

  /** So much time goes by: what is due in it happens before it returns. */
  async pass(ms: number): Promise<void> {
    const end = this.#elapsed() + ms;
    while (true) {
      const next = [...this.#timers].filter(([, { due }]) => due <= end).sort(([, a], [, b]) => a.due - b.due)[0];
      if (next === undefined) break;
      const [handle, timer] = next;
      this.#passedMs += Math.max(0, timer.due - this.#elapsed());
      if (timer.everyMs === null) this.#clear(handle);
      else timer.due += Math.max(1, timer.everyMs);
      timer.call();
      await new Promise((resolve) => real.setImmediate(resolve));
    }
    this.#passedMs += Math.max(0, end - this.#elapsed());
    this.#hasten();
  }

  reset(): void {
    this.#jumpedMs = 0;
    this.#passedMs = 0;
  }

  #elapsed(): number {
    return real.performanceNow() + this.#passedMs;
  }

  /** What is due after the time that went by is that much nearer. */
  #hasten(): void {
    for (const [handle, { due, everyMs, call }] of [...this.#timers]) {
      if (everyMs !== null) continue;
      const timer = real.setTimeout(() => this.#fire(handle, call), Math.max(0, due - this.#elapsed()));
      timer.unref();
    }
  }

  #fire(handle: unknown, call: () => void): void {
    if (!this.#timers.has(handle)) return;
    this.#clear(handle);
    call();
  }

  #setTimeout(call: () => void, ms: number): NodeJS.Timeout {
    const handle: NodeJS.Timeout = real.setTimeout(() => this.#fire(handle, call), ms);
    this.#timers.set(handle, { due: this.#elapsed() + Math.max(1, ms), everyMs: null, call });
    return handle;
  }

  #setInterval(call: () => void, ms: number): NodeJS.Timeout {
    const timer = { due: this.#elapsed() + Math.max(1, ms), everyMs: ms, call };
    const handle = real.setInterval(() => {
      timer.due = this.#elapsed() + Math.max(1, ms);
      call();
    }, ms);
    this.#timers.set(handle, timer);
    return handle;
  }

  #clear(timer: unknown): void {
    this.#timers.delete(timer);
    real.clearTimeout(timer as NodeJS.Timeout);
  }

  #wait(ms: number, value: unknown, { signal, ref = true }: { signal?: AbortSignal; ref?: boolean }): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = this.#setTimeout(() => resolve(value), ms);
      if (!ref) timer.unref();
      const abort = () => {
        this.#clear(timer);
        reject(Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR' }));
      };
      if (signal?.aborted) abort();
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  #clocks() {
    const now = () => real.now() + Math.round(this.#passedMs) + this.#jumpedMs;
    class Patched extends RealDate {
      constructor(...args: []) {
        super(...(args.length === 0 ? ([now()] as unknown as []) : args));
      }

      static override now(): number {
        return now();
      }

      static override [Symbol.hasInstance](value: unknown): boolean {
        return RealDate.prototype.isPrototypeOf.call(RealDate.prototype, value as object);
      }
    }
    return { Date: Patched as DateConstructor, performanceNow: () => this.#elapsed() };
  }
}

export const virtualTime = new VirtualTime();

/** By the machine's clock. */
export function realDelay(ms: number): Promise<void> {
  return new Promise((resolve) => real.setTimeout(resolve, ms));
}
