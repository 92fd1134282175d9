#!/usr/bin/env node
// Plain JavaScript, since the Node found first may be too old to read TypeScript: it starts the one npm pinned.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
// Modules compiled once are read from here: a command begins in half the time. It stands beside the code that it is made
// of, where whoever can write can change the code itself.
process.env.NODE_COMPILE_CACHE ??= join(here, '../../../node_modules/.cache/node-compile');
const child = spawn(nodeToUse(), [join(here, '../src/main.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to both processes already; twice could be read as "stop without waiting".
    if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
  });
}
child.once('error', (error) => {
  process.stderr.write(`serment: ${error.message}\n`);
  process.exit(1);
});
child.once('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});

function nodeToUse() {
  try {
    const pinned = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin/node');
    if (existsSync(pinned)) return pinned;
  } catch {
    // Not installed: the check below says what to do.
  }
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  process.stderr.write(`serment: Node 24 is needed and this is ${process.versions.node}: run "npm ci" in the clone.\n`);
  process.exit(1);
}
