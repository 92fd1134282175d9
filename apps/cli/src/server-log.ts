const levels: Readonly<Record<number, string>> = { 40: 'warning: ', 50: 'error: ', 60: 'fatal: ' };

/** How a server that did not start says why, on one line. */
export interface StartFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

export function parseStartFailure(line: string): StartFailure | null {
  const [, code, said] = /^serment: ([A-Z][A-Z0-9_]+): (.+)$/.exec(line) ?? [];
  if (code === undefined || said === undefined) return null;
  const end = said.indexOf('. ');
  return end === -1
    ? { code, message: said, hint: null }
    : { code, message: said.slice(0, end), hint: said.slice(end + 2) };
}

/** A line of the server's log: as it is for programs, short for a person; null for what is told better elsewhere. */
export function logLine(line: string, isForPerson: boolean): string | null {
  const record = parseRecord(line);
  if (record === null) return line;
  // The reason why it did not start is told in three lines; its stack is for SERMENT_DEBUG.
  if (record.level === 60 && !process.env.SERMENT_DEBUG) return null;
  if (!isForPerson) return line;
  const time = new Date(record.time).toLocaleTimeString('en-GB');
  return `${time} ${levels[record.level] ?? ''}${record.msg}`;
}

function parseRecord(line: string): { level: number; time: number; msg: string } | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    if (!('level' in value && 'time' in value && 'msg' in value)) return null;
    const { level, time, msg } = value;
    if (typeof level !== 'number' || typeof time !== 'number' || typeof msg !== 'string') return null;
    return { level, time, msg };
  } catch {
    return null;
  }
}
