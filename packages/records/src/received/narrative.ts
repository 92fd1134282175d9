import { fieldText, type TextBlock } from './report.ts';
import { attribute, childrenOf, type Element, localName, partsOf } from './xml-tree.ts';

const maxBlocks = 5_000;
const blocks = new Set(['paragraph', 'list', 'table', 'item']);

/** The narrative of a CDA section (NarrativeBlock.xsd) as plain blocks: no mark-up of it goes further. */
export function narrativeBlocks(text: Element): TextBlock[] {
  const found: TextBlock[] = [];
  gather(text, found);
  return found;
}

function gather(element: Element, found: TextBlock[]): void {
  let words = '';
  const flush = () => {
    const told = lines(words);
    words = '';
    if (told !== '' && found.length < maxBlocks) found.push({ kind: 'paragraph', text: told });
  };
  for (const part of partsOf(element)) {
    if (typeof part === 'string') words += part.replace(/\s+/g, ' ');
    else if (blocks.has(localName(part))) {
      flush();
      gatherBlock(part, found);
    } else words += inlineText(part);
  }
  flush();
}

function gatherBlock(element: Element, found: TextBlock[]): void {
  if (found.length >= maxBlocks) return;
  const name = localName(element);
  if (name === 'table') gatherTable(element, found);
  else if (name === 'list') for (const item of childrenOf(element, 'item')) gatherItem(item, found);
  else gather(element, found);
}

function gatherItem(item: Element, found: TextBlock[]): void {
  const inner: TextBlock[] = [];
  gather(item, inner);
  for (const block of inner) found.push(block.kind === 'paragraph' ? { kind: 'item', text: block.text } : block);
}

function gatherTable(table: Element, found: TextBlock[]): void {
  const caption = childrenOf(table, 'caption')[0];
  if (caption !== undefined) found.push({ kind: 'paragraph', text: lines(inlineText(caption)) });
  const head = childrenOf(table, 'thead').flatMap((part) => childrenOf(part, 'tr'));
  const rest = ['tbody', 'tfoot'].flatMap((name) => childrenOf(table, name)).flatMap((part) => childrenOf(part, 'tr'));
  const rows = [...head, ...rest, ...childrenOf(table, 'tr')].slice(0, maxBlocks).map(rowText);
  if (rows.length > 0) found.push({ kind: 'table', rows, hasHead: head.length > 0 });
}

function rowText(row: Element): string[] {
  return childrenOf(row)
    .filter((cell) => localName(cell) === 'td' || localName(cell) === 'th')
    .slice(0, 50)
    .flatMap((cell) => {
      const span = Math.min(50, Math.max(1, Number(attribute(cell, 'colspan')) || 1));
      return [lines(cellText(cell)), ...Array.from({ length: span - 1 }, () => '')];
    });
}

function cellText(cell: Element): string {
  const inner: TextBlock[] = [];
  gather(cell, inner);
  return inner
    .map((block) => (block.kind === 'table' ? block.rows.map((row) => row.join(' ')).join('\n') : block.text))
    .join('\n');
}

function inlineText(element: Element): string {
  const name = localName(element);
  if (name === 'br') return '\n';
  if (name === 'renderMultiMedia') return '';
  const inner = partsOf(element)
    .map((part) => (typeof part === 'string' ? part.replace(/\s+/g, ' ') : inlineText(part)))
    .join('');
  return blocks.has(name) ? `\n${inner}\n` : inner;
}

function lines(text: string): string {
  return text
    .split('\n')
    .map(fieldText)
    .filter((line) => line !== '')
    .join('\n');
}
