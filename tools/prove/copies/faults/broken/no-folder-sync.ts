import { open } from 'node:fs/promises';

// A product that forgets to sync its folders: the names that it gives may be gone.
const handle = await open('/dev/null');
Object.assign(Object.getPrototypeOf(handle), { sync: async () => undefined });
await handle.close();
