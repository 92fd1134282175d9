import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

export interface RawServer {
  readonly port: number;
  readonly url: string;
  /** Each request as it came, byte for byte, in UTF-8. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** A server on loopback that keeps requests whole and answers as it is told, HTTP or not. */
export async function startRawServer(answer: (socket: Socket) => void, port = 0): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const head = bytes.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1] ?? 0);
      if (bytes.length < head + 4 + length) return;
      requests.push(bytes.toString('utf8'));
      bytes = Buffer.alloc(0);
      answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const chosen = (server.address() as AddressInfo).port;
  return {
    port: chosen,
    url: `http://127.0.0.1:${chosen}`,
    requests,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An HTTP answer, whole. */
export function httpAnswer(status: string, body = '', headers: readonly string[] = []): string {
  const length = Buffer.byteLength(body);
  return [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${length}`, 'Connection: close', '', body].join('\r\n');
}
