let isMissing = false;
const listeners = new Set<() => void>();

/** Whether code of this page, or its words, did not come: a browser asks for it again in a page that begins anew alone. */
export function isPartMissing(): boolean {
  return isMissing;
}

export function watchMissingPart(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is fetched for this page, or for its worker. Throws what the fetch throws, once it is known that something is missing. */
export async function arrival<What>(coming: Promise<What>): Promise<What> {
  try {
    return await coming;
  } catch (error) {
    isMissing = true;
    for (const listener of listeners) listener();
    throw error;
  }
}
