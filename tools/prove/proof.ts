/** What one proof found. */
export interface Outcome {
  /** What was measured or counted. */
  readonly figure: string;
  /** Null when it cannot be run on this machine: it then proves nothing and falls short of nothing. */
  readonly holds: boolean | null;
  /** What went wrong, a line each. */
  readonly details?: readonly string[];
}

/** One promise, and what would show that it is false. */
export interface Proof<Scene> {
  readonly name: string;
  /** What must be measured for the promise to hold. */
  readonly bar: string;
  run(scene: Scene): Promise<Outcome>;
}

export interface Proven extends Outcome {
  readonly name: string;
  readonly bar: string;
  readonly seconds: number;
}

/** Runs proofs in order; one that throws falls short, and the next ones run. */
export async function runProofs<Scene>(
  proofs: readonly Proof<Scene>[],
  scene: Scene,
  onProven: (proven: Proven) => void,
): Promise<Proven[]> {
  const all: Proven[] = [];
  for (const { name, bar, run } of proofs) {
    const startedAt = performance.now();
    const outcome = await run(scene).catch(failed);
    const proven = { name, bar, ...outcome, seconds: Math.round((performance.now() - startedAt) / 100) / 10 };
    onProven(proven);
    all.push(proven);
  }
  return all;
}

function failed(error: unknown): Outcome {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { figure: 'did not run to its end', holds: false, details: text.split('\n').slice(0, 12) };
}
