import { createInterface, type Interface } from 'node:readline';
import { CliError } from './error.ts';

let lines: AsyncIterator<string> | null = null;
let reader: Interface | null = null;

/** Asks one line of the person, on stderr, since stdout is for results. Throws ANSWER_ABSENT where nobody answers. */
export async function ask(question: string): Promise<string> {
  return (await nextLine(question)).trim();
}

/** The same, of what must not be seen: nothing of it is shown on a terminal. */
export async function askSecret(question: string): Promise<string> {
  return process.stdin.isTTY ? hiddenLine(question) : nextLine(question);
}

/** Whether the answer is yes, in English or in French; anything else is no. */
export async function askYes(question: string): Promise<boolean> {
  return /^(?:y|yes|o|oui)$/i.test(await ask(`${question} [y/N]`));
}

async function nextLine(question: string): Promise<string> {
  // A program that answers reads lines: the question is one to it.
  process.stderr.write(process.stdin.isTTY ? `${question} ` : `${question}\n`);
  reader ??= createInterface({ input: process.stdin, terminal: false });
  lines ??= reader[Symbol.asyncIterator]();
  const { value, done } = await lines.next();
  if (done === true) throw absent();
  return value;
}

/** Reads a line key by key, so that the terminal shows none of them. */
function hiddenLine(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(`${question} `);
  // What reads lines must not read these.
  reader?.close();
  [reader, lines] = [null, null];
  stdin.setRawMode(true).setEncoding('utf8').resume();
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = (act: () => void) => {
      stdin.off('data', take);
      stdin.setRawMode(false).pause();
      stderr.write('\n');
      act();
    };
    const take = (chunk: string) => {
      for (const key of chunk) {
        if (key === '\r' || key === '\n') return end(() => resolve(typed));
        if (key === '\u0003') return end(() => process.kill(process.pid, 'SIGINT'));
        if (key === '\u0004') return end(() => reject(absent()));
        typed = key === '\u007f' || key === '\b' ? [...typed].slice(0, -1).join('') : typed + key;
      }
    };
    stdin.on('data', take);
  });
}

function absent(): CliError {
  return new CliError('ANSWER_ABSENT', 'An answer was needed and none came', {
    hint: 'Run the command on a terminal, or give the answers on its standard input, one a line.',
  });
}
