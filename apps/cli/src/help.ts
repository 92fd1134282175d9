import type { Command } from './command.ts';

const standardExits: readonly (readonly [number, string])[] = [
  [0, 'done'],
  [1, 'findings, or done in part'],
  [2, 'usage'],
  [3, 'cannot reach: server, disk, folder or port'],
  [4, 'wrong kit or key'],
  [5, 'damaged data'],
];

/** The help of the whole program. */
export function programHelp(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => [name, summary] as const);
  return [
    'Serment keeps a medical practice’s records in a vault that its host backs up, proves and restores, and can never read.',
    '',
    'Usage: serment COMMAND [options]',
    '',
    'Commands',
    ...columns(rows),
    '',
    'Options',
    ...columns([
      ['--help', 'this page; serment COMMAND --help for a command’s'],
      ['--version', 'the version'],
    ]),
    '',
    'Exit status',
    ...columns(standardExits.map(([status, meaning]) => [String(status), meaning] as const)),
    '',
  ].join('\n');
}

/** The help of one command. */
export function commandHelp(command: Command): string {
  const { name, description, operands, options, exits } = command;
  const required = options.filter((option) => option.isRequired);
  const words = [
    `serment ${name}`,
    ...required.map((option) => `--${option.name} ${option.value ?? ''}${option.isRepeated ? '…' : ''}`),
    ...(operands === null ? [] : [operands.least === 0 ? `[${operands.label}]` : operands.label]),
    ...(options.length > required.length ? ['[options]'] : []),
  ];
  const rows = [
    ...(operands === null ? [] : [[operands.label, operands.help] as const]),
    ...options.map(
      (option) => [`--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`, helpOf(option)] as const,
    ),
    ['--help', 'this page'] as const,
  ];
  return [
    description,
    '',
    `Usage: ${words.join(' ')}`,
    '',
    'Options',
    ...columns(rows),
    '',
    'Exit status',
    ...columns(exits.map(([status, meaning]) => [String(status), meaning] as const)),
    '',
  ].join('\n');
}

function helpOf(option: Command['options'][number]): string {
  return option.isRepeated ? `${option.help}; may be given several times` : option.help;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
