import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { openCopy } from '@serment/store/copy/open-copy';
import { s3Destination } from '@serment/store/copy/s3/s3';
import { Store } from '../packages/store/test/copy/s3-fixture.ts';
import { cephAdvice, isCephInstalled } from '../tools/ceph.ts';
import type { Bench, Figure } from './bench.ts';
import { entriesPerPatient, makeSyntheticVault, patientStream, writeSyntheticCopy } from './make-copy.ts';

export const patientRequests: Bench = {
  name: 'patient-requests',
  title: 'Opening one patient from a bucket',
  method: `The same reading as from a folder, from a bucket of Ceph's S3 gateway on this machine, by a reader that asked it for
nothing before; requests are counted by a proxy in front of the gateway. The ${entriesPerPatient} entries of the patient stand as far
apart as they can, in as many bundles as there are, at most: the worst case. *Again* is the same reader, a second time.`,
  bars: {},
  async run({ quick, progress }) {
    if (!isCephInstalled()) throw new RangeError(cephAdvice);
    const store = await Store.start();
    const figures: Figure[] = [];
    for (const size of [10_000, quick ? 20_000 : 100_000]) {
      const label = `one of ${size} entries`;
      const place = await store.place({ name: 'nuage' });
      const vault = await makeSyntheticVault(size);
      progress(`${label}: writing the copy`);
      const writing = s3Destination(place);
      await writeSyntheticCopy(vault, writing);
      await writing.close();
      progress(`${label}: reading`);
      const counting = await startCounting(place.endpoint ?? '');
      const reading = s3Destination({ ...place, endpoint: counting.url });
      try {
        const copy = await openCopy(reading, vault.practice);
        figures.push({ label: `${label}: requests to open the copy`, value: counting.take(), unit: '' });
        for (const again of ['', ', again']) {
          const startedAt = performance.now();
          const { items, findings } = await copy.readStream(patientStream(1));
          const took = performance.now() - startedAt;
          if (items.length !== entriesPerPatient || findings.length > 0)
            throw new RangeError(`${items.length} entries and ${findings.length} findings`);
          figures.push({ label: `${label}${again}: requests`, value: counting.take(), unit: '' });
          figures.push({ label: `${label}${again}`, value: took, unit: 'ms' });
        }
      } finally {
        await reading.close();
        await counting.stop();
      }
    }
    return figures;
  },
};

/** A proxy that counts what it passes on. Signatures cover the name that was asked: it stays as it came. */
async function startCounting(endpoint: string) {
  const target = new URL(endpoint);
  let count = 0;
  const server = createServer((asked: IncomingMessage, answer: ServerResponse) => {
    count += 1;
    const { method, headers, url: path } = asked;
    const passed = request({ host: target.hostname, port: target.port, method, path, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new RangeError('A port was asked for');
  return {
    url: `http://127.0.0.1:${address.port}`,
    take() {
      const taken = count;
      count = 0;
      return taken;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
