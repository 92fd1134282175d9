let held: Promise<boolean> | null = null;

/**
 * Takes the browser's lock of the one writer, and keeps it as long as this worker lives. False when another worker has
 * it: a window of another version of the application, or of a browser without shared workers.
 */
export async function becomeWriter(): Promise<boolean> {
  held ??= request();
  const isHeld = await held;
  if (!isHeld) held = null;
  return isHeld;
}

function request(): Promise<boolean> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request('serment-writer', { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        // Never settles: the lock ends with the worker.
        return lock === null ? undefined : new Promise(() => undefined);
      })
      .catch(reject);
  });
}
