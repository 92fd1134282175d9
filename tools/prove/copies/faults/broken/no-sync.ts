import { open } from 'node:fs/promises';

// A product that forgets to sync its files: nothing of what it writes is asked to be on the disk.
const handle = await open('/dev/null');
Object.assign(Object.getPrototypeOf(handle), { datasync: async () => undefined });
await handle.close();
