import { connect, createServer, type Socket } from 'node:net';

/** A line to the server that a test can cut, as a plug pulled out of a wall, hold, as a network that stalls, and mend. */
export interface Line {
  readonly url: string;
  cut(): void;
  /** Carries nothing of what is sent from now on, and keeps it. */
  hold(): void;
  /** Carries what is sent, and none of the answers. */
  deafen(): void;
  /** Ends a cut or a hold; what was held arrives. */
  mend(): void;
  stop(): Promise<void>;
}

export async function startLine(target: string): Promise<Line> {
  const { port } = new URL(target);
  const sockets = new Set<Socket>();
  const joined = new Set<() => void>();
  let isCut = false;
  let isHeld = false;
  let isDeaf = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), 'localhost');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        joined.delete(join);
        near.destroy();
        far.destroy();
      });
    }
    const join = () => {
      if (isHeld) {
        near.unpipe(far);
        near.pause();
      } else near.pipe(far);
    };
    joined.add(join);
    join();
    far.on('data', (bytes) => {
      if (!isDeaf) near.write(bytes);
    });
    far.on('end', () => near.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const own = typeof address === 'object' && address !== null ? address.port : 0;
  const dropAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://localhost:${own}`,
    cut() {
      isCut = true;
      dropAll();
    },
    hold() {
      isHeld = true;
      for (const join of joined) join();
    },
    deafen() {
      isDeaf = true;
    },
    mend() {
      // What was said to nobody is gone: those connections are of no more use.
      if (isDeaf) dropAll();
      isCut = false;
      isHeld = false;
      isDeaf = false;
      for (const join of joined) join();
    },
    async stop() {
      dropAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
