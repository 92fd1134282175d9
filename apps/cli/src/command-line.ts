import { parseArgs } from 'node:util';
import { type Command, Given, type Option } from './command.ts';
import { CliError, usageError } from './error.ts';

/** Reads a command's arguments strictly. Throws USAGE. */
export function readArguments(command: Command, args: readonly string[]): Given {
  const parsed = parse(command, args);
  const values = new Map<string, readonly string[]>();
  const flags = new Set<string>();
  for (const option of command.options) {
    const found = parsed.values[option.name];
    if (option.value === undefined) {
      if (found !== undefined) flags.add(option.name);
      continue;
    }
    const texts = (Array.isArray(found) ? found : [found]).filter((text) => typeof text === 'string');
    if (texts.some((text) => text === '')) throw usageError(`--${option.name} is empty`, command.name);
    if (!option.isRepeated && texts.length > 1) throw usageError(`--${option.name} is given twice`, command.name);
    if (option.isRequired && texts.length === 0)
      throw usageError(`--${option.name} ${option.value} is needed`, command.name);
    values.set(option.name, texts);
  }
  checkOperands(command, parsed.positionals);
  return new Given(values, flags, parsed.positionals);
}

function parse(command: Command, args: readonly string[]) {
  const options = Object.fromEntries(command.options.map((option) => [option.name, kindOf(option)]));
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    // Node's message goes on with advice about its own parser.
    const [message = 'Wrong arguments'] = cause.message.split(/\. To specify|\n/);
    throw new CliError('USAGE', message, { hint: `See: serment ${command.name} --help` });
  }
}

function kindOf(option: Option): { type: 'boolean' } | { type: 'string'; multiple: true } {
  return option.value === undefined ? { type: 'boolean' } : { type: 'string', multiple: true };
}

function checkOperands({ operands, name }: Command, given: readonly string[]): void {
  if (operands === null) {
    if (given.length > 0) throw usageError(`“${given[0]}” is one word too many`, name);
    return;
  }
  if (given.length < operands.least) throw usageError(`${operands.label} is needed`, name);
  if (given.length > operands.most) throw usageError(`“${given[operands.most]}” is one word too many`, name);
  if (given.some((one) => one === '')) throw usageError(`${operands.label} is empty`, name);
}
