import { ownBytes } from '@serment/core/bytes';
import { randomBytes } from '@serment/core/random';
import { Transport } from '@serment/replica/transport';
import { expose } from 'comlink';
import { carryErrorCodes } from './carried-error.ts';
import { Engine } from './engine.ts';
import { indexedDbCache } from './indexed-db-cache.ts';
import { openLocalDatabase, removeDevice, storedDevices, waitingWrites } from './local-database.ts';
import { becomeWriter } from './writer-lock.ts';

// Ports queue nothing for Comlink before it listens: everything here is made at once, and the database awaited by each call.
let opening = open();
const database = () => opening;
const engine = new Engine({
  transport: new Transport({ baseUrl: globalThis.location.origin }),
  cache: indexedDbCache(database),
  devices: {
    list: async () => storedDevices(await database()),
    put: async (device) => {
      await (await database()).put('devices', device);
    },
    waiting: async (author) => waitingWrites(await database(), author),
    drop: async (author) => (await database()).delete('devices', author),
    remove: async (author) => removeDevice(await database(), author),
  },
  random: (sizeBytes) => ownBytes(randomBytes(sizeBytes)),
  clock: Date.now,
  becomeWriter,
});

function open(): ReturnType<typeof openLocalDatabase> {
  return openLocalDatabase({
    onTaken: () => {
      void opening.then((opened) => opened.close());
      void engine.leave();
    },
    // What is left of it is read anew: nothing, where the browser threw all away.
    onEnded: () => {
      opening = open();
      void engine.lock();
    },
  });
}

carryErrorCodes();
// The same file serves as a SharedWorker, one for all windows, and as a Worker where there is none of the former.
if ('onconnect' in globalThis) {
  globalThis.addEventListener('connect', (event) => {
    const port = event instanceof MessageEvent ? event.ports[0] : undefined;
    if (port !== undefined) expose(engine, port);
  });
} else {
  expose(engine);
}
