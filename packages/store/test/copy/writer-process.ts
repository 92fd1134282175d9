import { folderDestination } from '../../src/copy/folder.ts';
import { startOn } from './copy-fixture.ts';
import { TestSource } from './test-source.ts';

// Writes a copy until it is killed, telling on standard output how much is copied. The journal is the same at each run.
const [folder = '', start = '0'] = process.argv.slice(2);
const source = new TestSource();
const practice = await source.addPractice();
await source.save(practice, Number(start) + 40, { quiet: true });
const publisher = startOn(source, folderDestination({ path: folder }));
while (true) {
  await publisher.settled();
  const [status] = publisher.status(practice);
  if (status?.state === 'current') process.stdout.write(`${status.size}\n`);
  await source.save(practice, 7);
}
