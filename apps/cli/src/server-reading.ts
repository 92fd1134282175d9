import { withTemporaryCache } from '@serment/replica/cache-node';
import { openKitSession } from '@serment/replica/device';
import type { Access } from './access.ts';
import { openReading, type Reading } from './reading.ts';
import type { Terminal } from './terminal.ts';

/**
 * Opens a practice at its server with a kit or a device, for reading. Throws what `openKitSession` throws, HOST_LIES and
 * such.
 */
export async function withServerReading<Result>(
  access: Access,
  terminal: Terminal,
  use: (source: Reading) => Promise<Result>,
): Promise<Result> {
  const { transport } = access;
  const { practice, seed } = access.by === 'kit' ? await openKitSession(access) : access;
  try {
    const { size, restored } = await transport.status();
    return await withTemporaryCache(size, async (cache) =>
      use(
        await openReading({
          ...{ practice, seed, cache, journal: transport, payloads: () => transport },
          isRecovering: restored !== null,
          onProgress: (done, total) => terminal.progress('Verifying entries', done, total),
        }),
      ),
    );
  } finally {
    await transport.closeSession().catch(() => undefined);
  }
}
