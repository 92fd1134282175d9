import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Of a file of `postgres`, what is wrong and what is put in its place. */
type Mend = readonly [file: string, wrong: string, right: string];

/**
 * What postgres 3.4.9 does when a connection is lost (porsager/postgres, issues 1066, 1154 and 1208, open): a statement that a
 * transaction still sends, its ROLLBACK for one, is written to a socket that is null, and ends the whole process; or is
 * written into the connection's next session; or has the connection count as busy for ever. What waited to be written goes
 * before the first message of the next session, which then never begins, and what the server said last is taken for its answer.
 * What was sent by `COPY`, and is refused once its last row has left, is waited for by its writer for ever. And a connection that
 * paused until its reader had taken rows of a `COPY` stays so where those were the last ones. No version after it mends these, and none of them can be seen from outside: its connections are its own.
 */
const mends: readonly Mend[] = [
  // A statement without a socket fails as it does after `terminate`.
  [
    'connection.js',
    'function execute(q) {\n    if (terminated)',
    'function execute(q) {\n    if (terminated || !socket)',
  ],
  // What waited for a socket that is gone is gone with it, who waits for an answer is told, and the last thing that its
  // server said is not the next one's answer.
  [
    'connection.js',
    "!hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))",
    'chunk = nextWriteTimer = null\n' +
      "    ;(query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))\n" +
      '    query = results = errorResponse = null\n' +
      '    result = new Result()',
  ],
  // Who waits for the end of rows is told that they are refused.
  [
    'connection.js',
    'stream && (stream.destroy(err), stream = null)',
    'stream && (stream.destroy(err), stream = null)\n    final && (final(err), final = null)',
  ],
  // A connection goes on after the last rows, however many of them its reader has still to take.
  ['connection.js', 'stream && stream.push(null)', 'stream && (stream.push(null), socket.resume())'],
  // A transaction ends with its connection.
  [
    'index.js',
    'new Promise((_, reject) => connection.onclose = reject)',
    'new Promise((_, reject) => connection.onclose = e => {\n' +
      '          queries.lost = e\n' +
      '          while (queries.length) queries.shift().reject(e)\n' +
      '          reject(e)\n' +
      '        })',
  ],
  [
    'index.js',
    'q.catch(e => uncaughtError || (uncaughtError = e))\n        c.queue === full',
    'q.catch(e => uncaughtError || (uncaughtError = e))\n        queries.lost ? q.reject(queries.lost) : c.queue === full',
  ],
];

const folder = new URL('./', import.meta.resolve('postgres')).href;
const mended = new Set<Mend>();

// Where it is loaded, before anything else asks for it: node_modules are as their registry has them.
const hooks = registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const own = url.startsWith(folder) ? mends.filter(([file]) => url === folder + file) : [];
    if (own.length === 0) return loaded;
    let text = textOf(loaded.source);
    for (const mend of own) {
      const [file, wrong, right] = mend;
      if (text.split(wrong).length !== 2) throw new TypeError(`${fileURLToPath(folder)}${file} is not that of 3.4.9`);
      text = text.replace(wrong, () => right);
      mended.add(mend);
    }
    return { ...loaded, source: text };
  },
});

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray | undefined): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source);
}

/** The client, mended. */
export const { default: postgres } = await import('postgres');
hooks.deregister();
// Such as one that something else had loaded already, or whose files have other names.
if (mended.size !== mends.length) throw new TypeError(`postgres in ${fileURLToPath(folder)} could not be mended`);
