import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts';

/** A server in a process of its own, to be killed: says where its database is, then lives until told otherwise. */
const [dataDir] = process.argv.slice(2);
if (dataDir === undefined) throw new Error('serve.ts needs a data folder');
try {
  const { url, pid } = await startEmbeddedPostgres({ dataDir });
  process.stdout.write(`${JSON.stringify({ url, pid })}\n`);
} catch (error) {
  const code = error instanceof Error && 'code' in error ? error.code : String(error);
  process.stdout.write(`${JSON.stringify({ code })}\n`);
}
