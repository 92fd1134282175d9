import { proxyMarker } from 'comlink';

/** What stands for an object whose code comes late. */
export interface Late<Of extends object> {
  /**
   * Each of its methods waits for the code. Throws what the browser throws when it does not come. It is asked for at each call
   * then, though Chromium gives what once failed to no call of the same worker.
   */
  readonly it: Of;
  /** Fetches the code. */
  load(): Promise<Of>;
}

/** `Of` has asynchronous methods alone, for whoever calls it. */
export function late<Of extends object>(make: () => Promise<Of>): Late<Of> {
  let made: Promise<Of> | null = null;
  const load = () => {
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
  const get = (target: object, name: string | symbol) => {
    // No promise, whatever asks.
    if (typeof name === 'symbol' || name === 'then') return Reflect.get(target, name);
    return async (...asked: unknown[]) => {
      const object: object = await load();
      const method: (...asked: unknown[]) => unknown = Reflect.get(object, name);
      return Reflect.apply(method, object, asked);
    };
  };
  return { it: new Proxy({ [proxyMarker]: true }, { get }) as Of, load };
}
