import {
  closeSync,
  copyFileSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from 'node:fs';
import path from 'node:path';

export interface ServerLog {
  /** Open for appending: PostgreSQL writes here itself, so its log goes on when this process dies. */
  readonly fd: number;
  readonly file: string;
  /** What was written since the log was opened, at most its last 64 KiB. */
  recent(): string;
  close(): void;
}

const sizeLimitBytes = 4 * 1024 * 1024;
const recentBytes = 64 * 1024;

/** Opens `logDir/postgres.log`, kept under about 4 MiB with one predecessor (`postgres.1.log`). */
export function openServerLog(logDir: string, onLog?: (line: string) => void): ServerLog {
  mkdirSync(logDir, { recursive: true, mode: 0o700 });
  const file = path.join(logDir, 'postgres.log');
  const older = path.join(logDir, 'postgres.1.log');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > sizeLimitBytes) renameSync(file, older);
  const fd = openSync(file, 'a+', 0o600);
  let opened = fstatSync(fd).size;
  let read = opened;
  let partial = '';
  const decoder = new TextDecoder();

  const follow = () => {
    const { size } = fstatSync(fd);
    if (onLog !== undefined && size > read) {
      const lines = (partial + decoder.decode(readAt(fd, read, size), { stream: true })).split('\n');
      partial = lines.pop() ?? '';
      for (const line of lines) onLog(line);
    }
    read = size;
    if (size <= sizeLimitBytes) return;
    // PostgreSQL holds the same file open for appending, so it is emptied in place and never renamed under it.
    copyFileSync(file, older);
    ftruncateSync(fd);
    opened = 0;
    read = 0;
  };
  const timer = setInterval(() => {
    try {
      follow();
    } catch {
      // A full disk is PostgreSQL's to report: its log must not bring this process down.
    }
  }, 500);
  timer.unref();

  let closed = false;
  return {
    fd,
    file,
    recent() {
      const { size } = fstatSync(fd);
      return new TextDecoder().decode(readAt(fd, Math.max(opened, size - recentBytes), size));
    },
    close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      try {
        follow();
      } finally {
        closeSync(fd);
      }
    },
  };
}

function readAt(fd: number, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, to - from));
  return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, from));
}
