import type { Random } from './random.ts';

/**
 * Notes are written from phrases: `{a|b}` chooses one of several, `[le patient|la patiente]` agrees,
 * `<name>` takes a value. Choices nest. An empty choice leaves nothing.
 */
export interface PhraseContext {
  readonly random: Random;
  readonly female: boolean;
  readonly values?: Readonly<Record<string, string>>;
}

type Part =
  | string
  | { readonly kind: 'choice' | 'agree'; readonly options: readonly Part[][] }
  | { readonly kind: 'value'; readonly name: string };

const compiled = new Map<string, readonly Part[]>();

/** The phrase with every choice made. Throws on a phrase whose brackets do not match or whose value is missing. */
export function writePhrase(phrase: string, context: PhraseContext): string {
  let parts = compiled.get(phrase);
  if (parts === undefined) {
    parts = compilePhrase(phrase);
    compiled.set(phrase, parts);
  }
  return write(parts, context);
}

function write(parts: readonly Part[], context: PhraseContext): string {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else if (part.kind === 'value') text += valueNamed(part.name, context);
    else if (part.kind === 'choice') text += write(context.random.pick(part.options), context);
    else text += write((context.female ? part.options[1] : part.options[0]) ?? [], context);
  }
  return text;
}

function valueNamed(name: string, context: PhraseContext): string {
  const value = context.values?.[name];
  if (value === undefined) throw new RangeError(`the phrase needs a value for <${name}>`);
  return value;
}

function compilePhrase(phrase: string): readonly Part[] {
  let position = 0;

  function sequence(end: string): Part[] {
    const parts: Part[] = [];
    let text = '';
    const flush = (): void => {
      if (text !== '') parts.push(text);
      text = '';
    };
    while (position < phrase.length) {
      const mark = phrase.charAt(position);
      if (end.includes(mark)) break;
      position++;
      if (mark === '{' || mark === '[') {
        flush();
        parts.push(options(mark === '{' ? '}' : ']'));
      } else if (mark === '<') {
        flush();
        const close = phrase.indexOf('>', position);
        if (close < 0) throw new RangeError(`unclosed value in phrase: ${phrase}`);
        parts.push({ kind: 'value', name: phrase.slice(position, close) });
        position = close + 1;
      } else text += mark;
    }
    flush();
    return parts;
  }

  function options(close: '}' | ']'): Part {
    const found: Part[][] = [];
    while (true) {
      found.push(sequence(`|${close}`));
      const mark = phrase.charAt(position++);
      if (mark === close) return { kind: close === '}' ? 'choice' : 'agree', options: found };
      if (mark !== '|') throw new RangeError(`unclosed choice in phrase: ${phrase}`);
    }
  }

  return sequence('');
}
