import { execFile, spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const programs = ['softhsm2-util', 'pkcs11-tool', 'openssl'];
const pin = '1234';

/** Why the tests with a token cannot run here, with what to install; null when they can. */
export const missingForToken: string | null =
  programs.every(hasProgram) && modulePath() !== null && globSync('/usr/lib/*/engines-3/pkcs11.so').length > 0
    ? null
    : 'needs a PKCS#11 token: apt-get install softhsm2 opensc libengine-pkcs11-openssl';

/** A token of its own folder whose key never leaves it, as that of a card. */
export interface Token {
  /** SubjectPublicKeyInfo, in DER. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** What a TLS client with the token in its reader is answered: the whole of the HTTP answer. */
  ask(address: { readonly port: number; readonly path: string; readonly certPath: string }): Promise<string>;
  remove(): Promise<void>;
}

export async function makeToken(): Promise<Token> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-token-'));
  await mkdir(join(folder, 'tokens'));
  const config = join(folder, 'softhsm2.conf');
  await writeFile(
    config,
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  const module = modulePath() ?? '';
  const env = { ...process.env, SOFTHSM2_CONF: config, PKCS11_MODULE_PATH: module };
  await run('softhsm2-util', ['--init-token', '--free', '--label', 'cps', '--pin', pin, '--so-pin', '12345678'], {
    env,
  });
  const tool = ['--module', module, '--token-label', 'cps', '--login', '--pin', pin, '--id', '01'];
  await run('pkcs11-tool', [...tool, '--keypairgen', '--key-type', 'rsa:2048', '--label', 'card'], { env });
  const publicFile = join(folder, 'public.der');
  await run('pkcs11-tool', [...tool, '--read-object', '--type', 'pubkey', '--output-file', publicFile], { env });
  return {
    publicKey: new Uint8Array(await readFile(publicFile)),
    ask({ port, path, certPath }) {
      const key = `pkcs11:token=cps;object=card;type=private;pin-value=${pin}`;
      const client = ['s_client', '-quiet', '-ign_eof', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost'];
      const held = ['-engine', 'pkcs11', '-keyform', 'engine', '-key', key, '-cert', certPath];
      const child = spawn('openssl', [...client, ...held], { env, stdio: ['pipe', 'pipe', 'pipe'], timeout: 20_000 });
      let answer = '';
      child.stdout.on('data', (part) => {
        answer += part;
      });
      child.stderr.on('data', (part) => {
        answer += part;
      });
      child.stdin.on('error', () => undefined).write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      return new Promise((resolve, reject) => child.once('error', reject).once('close', () => resolve(answer)));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export function hasProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

function modulePath(): string | null {
  const places = ['/usr/lib/softhsm/libsofthsm2.so', ...globSync('/usr/lib/*/softhsm/libsofthsm2.so')];
  return places.find((path) => existsSync(path)) ?? null;
}
