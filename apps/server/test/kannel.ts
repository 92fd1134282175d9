import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface Kannel {
  /** Where its `sendsms` is asked. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** The next message that reaches the SMS centre, as "sender receiver text …", when it has `lines` lines. */
  nextMessage(lines: number): Promise<string>;
  stop(): Promise<void>;
}

const bearerbox = '/usr/sbin/bearerbox';
const smsbox = '/usr/sbin/smsbox';
/** Kannel's own fake SMS centre. */
const fakesmsc = '/usr/lib/kannel/test/fakesmsc';
const waitMs = 20_000;
const stopMs = 3000;

/** Why Kannel cannot be started here, in one line; null when it can. */
export function kannelMissing(): string | null {
  const isThere = [bearerbox, smsbox, fakesmsc].every((path) => existsSync(path));
  return isThere ? null : 'needs Kannel: apt-get install kannel kannel-extras';
}

/** Starts Kannel with its fake SMS centre, on free ports of loopback, in a folder that goes with it. */
export async function startKannel(): Promise<Kannel> {
  const folder = await mkdtemp(join(tmpdir(), 'serment-kannel-'));
  const started: ChildProcess[] = [];
  const stop = async () => {
    for (const child of started.reverse()) await end(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const signal = AbortSignal.timeout(waitMs);
    const [admin, boxes, centre, sendsms] = await fourFreePorts();
    const file = join(folder, 'kannel.conf');
    await writeFile(file, configuration({ admin, boxes, centre, sendsms }));
    const run = (program: string, ...args: string[]) => {
      const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
      started.push(child);
      return child;
    };
    run(bearerbox, '-v', '2', file).stderr?.resume();
    await listening(boxes, signal);
    await listening(centre, signal);
    // It must be given a message of its own to send, and is told to send none.
    const lines = linesOf(run(fakesmsc, '-H', '127.0.0.1', '-r', `${centre}`, '-m', '0', '100 200 text none'));
    run(smsbox, '-v', '2', file).stderr?.resume();
    await listening(sendsms, signal);
    return {
      url: `http://127.0.0.1:${sendsms}`,
      user: 'serment',
      password: 'un+deux&trois',
      nextMessage: (count) => lines.take(count, AbortSignal.timeout(waitMs)),
      stop,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

function configuration(ports: { admin: number; boxes: number; centre: number; sendsms: number }): string {
  return `group = core
admin-port = ${ports.admin}
admin-interface = 127.0.0.1
admin-password = unused
smsbox-port = ${ports.boxes}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
box-deny-ip = *.*.*.*

group = smsc
smsc = fake
smsc-id = fake
host = 127.0.0.1
port = ${ports.centre}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${ports.sendsms}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = serment
password = un+deux&trois
max-messages = 1

group = sms-service
keyword = default
max-messages = 0
text = unused
`;
}

/** What the fake centre says that it got: a message of several lines comes as several. */
function linesOf(child: ChildProcess) {
  const received: string[] = [];
  let pending = '';
  child.stderr?.setEncoding('utf8').on('data', (data: string) => {
    const lines = (pending + data).split('\n');
    pending = lines.pop() ?? '';
    for (const line of lines) {
      const got = /Got message \d+: <(.*)>$/.exec(line)?.[1];
      if (got !== undefined) received.push(got);
    }
  });
  return {
    async take(count: number, signal: AbortSignal): Promise<string> {
      while (received.length < count) await delay(20, undefined, { signal });
      return received.splice(0, count).join('\n');
    },
  };
}

async function fourFreePorts(): Promise<[number, number, number, number]> {
  const servers = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const [a = 0, b = 0, c = 0, d = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return [a, b, c, d];
}

async function listening(port: number, signal: AbortSignal): Promise<void> {
  while (true) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await delay(50, undefined, { signal });
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const killing = setTimeout(() => child.kill('SIGKILL'), stopMs);
  await gone;
  clearTimeout(killing);
}
