import { withTemporaryCache } from '@serment/replica/cache-node';
import { openKitSession } from '@serment/replica/device';
import type { Transport } from '@serment/replica/transport';
import { openReading, type Reading } from './reading.ts';
import type { Terminal } from './terminal.ts';

/** Opens a practice at its server with a kit, for reading. Throws what `openKitSession` throws, HOST_LIES and such. */
export async function withServerReading<Result>(
  options: { transport: Transport; kitText: string; terminal: Terminal },
  use: (source: Reading) => Promise<Result>,
): Promise<Result> {
  const { transport, terminal } = options;
  const { practice, seed } = await openKitSession(options);
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
