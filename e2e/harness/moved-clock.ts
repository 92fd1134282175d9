import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A clock of a server under test, that a test can put forward. */
export interface MovedClock {
  /** What the server's processes are started with. */
  readonly env: Readonly<Record<string, string>>;
  /** From here on the server is that far ahead of this machine, in milliseconds. */
  moveTo(aheadMs: number): Promise<void>;
  /** Once the server has stopped. */
  remove(): Promise<void>;
}

export async function makeMovedClock(): Promise<MovedClock> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-clock-'));
  const file = join(folder, 'ahead');
  const moveTo = async (aheadMs: number) => {
    // Read at any moment: never half written.
    await writeFile(`${file}.next`, String(aheadMs));
    await rename(`${file}.next`, file);
  };
  await moveTo(0);
  const source = `import { readFileSync } from 'node:fs';
    const now = Date.now;
    Date.now = () => now() + Number(readFileSync(${JSON.stringify(file)}, 'utf8'));`;
  return {
    env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` },
    moveTo,
    remove: () => rm(folder, { recursive: true }),
  };
}
