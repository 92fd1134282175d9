import net, { type Socket } from 'node:net';
import { crash, injector, type Verdict } from './injector.ts';
import type { Write } from './kinds.ts';

const socketName = /\/\.s\.PGSQL\.\d+$/;
const writing = /\b(insert|update|delete|copy|create|drop|alter|grant|append_groups|truncate)\b/i;
const realConnect = net.Socket.prototype.connect;

/**
 * Has what this process says to a PostgreSQL on a Unix socket pass through this module, which counts each of its round
 * trips as a write and has one of them go wrong. Neither side knows of it.
 */
export function installDatabaseCalls(): void {
  const proxies = new Map<string, string>();
  net.Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
    const [path] = args;
    if (typeof path !== 'string' || !socketName.test(path)) return realConnect.apply(this, args as never);
    let proxy = proxies.get(path);
    if (proxy === undefined) {
      proxy = `\0serment-faults-${process.pid}-${proxies.size}`;
      const server = net.createServer((client) => new Conversation(client, path));
      server.listen(proxy);
      server.unref();
      proxies.set(path, proxy);
    }
    injector.opening += 1;
    return realConnect.call(this, proxy as never);
  } as typeof realConnect;
}

interface Message {
  /** A letter; none for the first message of a connection. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** What a client sends up to where it waits for an answer. */
interface Round {
  readonly messages: readonly Message[];
  readonly text: string;
  /** Whether the server answers it by itself. */
  readonly isAnswered: boolean;
}

/** What becomes of the server's answer to a round. */
interface Answer {
  readonly fate: 'pass' | 'replace' | 'lose' | 'crash';
  readonly code: string;
}

const pass: Answer = { fate: 'pass', code: '' };

/** One connection, its messages cut out of the two streams (PostgreSQL's protocol, version 3). */
class Conversation {
  readonly #client: Socket;
  readonly #server = new net.Socket();
  #fromClient = Buffer.alloc(0);
  #fromServer = Buffer.alloc(0);
  #hasBegun = false;
  #isOpening = true;
  #gathered: Message[] = [];
  readonly #statements = new Map<string, string>();
  readonly #answers: Answer[] = [];
  /** From where the server takes rows to their end, or to its refusal of one. */
  #isCopying = false;
  /** What was said in the transaction under way. */
  #transaction: Write[] | null = null;
  #working: Promise<void> = Promise.resolve();

  constructor(client: Socket, path: string) {
    this.#client = client;
    const [own, other] = [client, this.#server];
    realConnect.call(other, path as never);
    own.on('data', (bytes: Buffer) => this.#hear(bytes));
    other.on('data', (bytes: Buffer) => this.#answer(bytes));
    for (const [from, to] of [
      [own, other],
      [other, own],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => this.#opened());
      from.on('close', () => void this.#working.finally(() => to.destroySoon()));
    }
  }

  /** The server has taken the connection, or nobody will. */
  #opened(): void {
    if (this.#isOpening) injector.opening -= 1;
    this.#isOpening = false;
  }

  #hear(bytes: Buffer): void {
    this.#fromClient = Buffer.concat([this.#fromClient, bytes]);
    while (true) {
      const message = this.#next(this.#fromClient, !this.#hasBegun);
      if (message === null) return;
      this.#fromClient = this.#fromClient.subarray(message.bytes.length);
      if (!this.#hasBegun) {
        // Asked for a cipher, PostgreSQL on a socket says no and hears the first message again.
        this.#hasBegun = message.bytes.readInt32BE(4) >> 16 === 3;
        this.#server.write(message.bytes);
        if (this.#hasBegun) this.#answers.push(pass);
        continue;
      }
      this.#gathered.push(message);
      if (!'QSHdcfX'.includes(message.type)) continue;
      const round = this.#roundOf(this.#gathered);
      this.#gathered = [];
      this.#working = this.#working.then(() => this.#send(round));
    }
  }

  #next(bytes: Buffer, isFirst: boolean): Message | null {
    const head = isFirst ? 0 : 1;
    if (bytes.length < head + 4) return null;
    const length = head + bytes.readInt32BE(head);
    if (bytes.length < length) return null;
    return { type: isFirst ? '' : String.fromCharCode(bytes[0] ?? 0), bytes: bytes.subarray(0, length) };
  }

  #roundOf(messages: readonly Message[]): Round {
    const texts = messages.map(({ type, bytes }) => {
      const strings = bytes.subarray(5).toString('latin1').split('\0');
      if (type === 'Q') return strings[0] ?? '';
      if (type === 'P') this.#statements.set(strings[0] ?? '', strings[1] ?? '');
      if (type === 'P') return strings[1] ?? '';
      return type === 'B' ? (this.#statements.get(strings[1] ?? '') ?? '') : '';
    });
    const last = messages.at(-1)?.type ?? '';
    return { messages, text: texts.find((text) => text !== '') ?? '', isAnswered: 'QScf'.includes(last) };
  }

  async #send(round: Round): Promise<void> {
    const last = round.messages.at(-1)?.type ?? '';
    const bytes = Buffer.concat(round.messages.map((message) => message.bytes));
    // A flush asks what a statement is like: nothing is carried out before the round that follows it.
    // Rows that come after a refusal, and the end that the client says after the end, are heard by nobody.
    if (last === 'X' || last === 'H' || (!this.#isCopying && 'dcf'.includes(last))) {
      this.#server.write(bytes);
      return;
    }
    const call = round.text.trim().replace(/\s+/g, ' ').slice(0, 40) || (last === 'd' ? 'copied rows' : 'end of rows');
    const needsRoom = last === 'd' || writing.test(round.text);
    const write: Write = { call, isDatabase: true, hasBytes: true, isAnswered: round.isAnswered, changes: needsRoom };
    this.#follow(write, round.text);
    if (last === 'c' || last === 'f') this.#isCopying = false;
    const verdict = await injector.verdict(write, needsRoom);
    if (this.#client.destroyed) return;
    if (verdict === 'short') {
      this.#server.write(bytes.subarray(0, bytes.length >> 1));
      this.#server.end();
      this.#client.destroy();
    } else if (verdict === 'error' || verdict === 'full') this.#refuse(round, last, verdict);
    else {
      if (round.isAnswered) this.#answers.push(answerOf(verdict));
      this.#server.write(bytes);
    }
  }

  /** A transaction that writes is a write from its beginning to its end. */
  #follow(write: Write, text: string): void {
    if (/^\s*begin\b/i.test(text)) this.#transaction = [];
    this.#transaction?.push(write);
    if (write.changes || this.#transaction?.some(({ changes }) => changes))
      for (const one of this.#transaction ?? []) one.changes = true;
    if (/^\s*(commit|rollback)\b/i.test(text)) this.#transaction = null;
  }

  /** Has the server fail where it stands, and puts the code in its answer. */
  #refuse({ text }: Round, last: string, verdict: 'error' | 'full'): void {
    this.#answers.push({ fate: 'replace', code: verdict === 'full' ? '53100' : '58030' });
    const isCopying = last === 'd' || last === 'c';
    this.#isCopying = false;
    // A commit that fails has rolled back.
    const failing = /^\s*(commit|rollback)/i.test(text) ? 'ROLLBACK' : "DO $$BEGIN RAISE 'injected'; END$$";
    this.#server.write(isCopying ? message('f', 'injected\0') : message('Q', `${failing}\0`));
  }

  #answer(bytes: Buffer): void {
    this.#fromServer = Buffer.concat([this.#fromServer, bytes]);
    // What PostgreSQL answers to the asking for a cipher is one byte.
    if (!this.#hasBegun) {
      this.#client.write(this.#fromServer);
      this.#fromServer = Buffer.alloc(0);
      return;
    }
    while (true) {
      const next = this.#next(this.#fromServer, false);
      if (next === null) return;
      this.#fromServer = this.#fromServer.subarray(next.bytes.length);
      const { fate, code } = this.#answers[0] ?? pass;
      const isEnd = next.type === 'Z' || next.type === 'G';
      if (isEnd) this.#answers.shift();
      if (isEnd) this.#isCopying = next.type === 'G';
      if (isEnd) this.#opened();
      if (fate === 'pass') this.#client.write(next.bytes);
      else if (fate === 'replace') this.#client.write(isEnd ? Buffer.concat([refusal(code), next.bytes]) : nothing);
      else if (isEnd) {
        if (fate === 'crash') crash(null, injector.unsynced);
        this.#client.destroy();
        this.#server.destroy();
        return;
      }
    }
  }
}

const nothing = Buffer.alloc(0);

function answerOf(verdict: Verdict): Answer {
  return verdict === 'unanswered'
    ? { fate: 'lose', code: '' }
    : verdict === 'killed-done'
      ? { fate: 'crash', code: '' }
      : pass;
}

function message(type: string, content: string): Buffer {
  const bytes = Buffer.from(`${type}\0\0\0\0${content}`, 'latin1');
  bytes.writeInt32BE(bytes.length - 1, 1);
  return bytes;
}

function refusal(code: string): Buffer {
  return message('E', `SERROR\0VERROR\0C${code}\0Minjected\0\0`);
}
