/** How long a worker may take to end after its last window, on a slow machine. */
const patienceMs = 3000;

let held: Promise<boolean> | null = null;

/**
 * Takes the browser's lock of the one writer, and keeps it as long as this worker lives. False when another worker has
 * it: a window of another version of the application, or of a browser without shared workers. The worker of a window
 * that was just reloaded or closed gives it back only when it has ended, so it is waited for.
 */
export async function becomeWriter(): Promise<boolean> {
  held ??= request();
  const isHeld = await held;
  if (!isHeld) held = null;
  return isHeld;
}

function request(): Promise<boolean> {
  const signal = AbortSignal.timeout(patienceMs);
  return new Promise((resolve, reject) => {
    navigator.locks
      .request('serment-writer', { signal }, () => {
        resolve(true);
        // Never settles: the lock ends with the worker.
        return new Promise(() => undefined);
      })
      .catch((error: unknown) => (signal.aborted ? resolve(false) : reject(error)));
  });
}
