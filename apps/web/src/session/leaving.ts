const leaving = new Set<() => void>();

/** Called by each form on the screen, with what it does before the page or the keys go. Returns what ends that. */
export function onLeaving(leave: () => void): () => void {
  addEventListener('pagehide', leave);
  leaving.add(leave);
  return () => {
    removeEventListener('pagehide', leave);
    leaving.delete(leave);
  };
}

/** Sends what was typed and waits for the writing before it: called before the keys are let go of. */
export function leaveForms(): void {
  for (const leave of leaving) leave();
}
