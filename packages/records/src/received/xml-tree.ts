import { parseXml, XmlCdata, XmlElement, XmlText } from '@rgrove/parse-xml';
import { decodeForeignText } from './latin-text.ts';
import type { ReceivedFindingCode } from './report.ts';

/** An element, its name without prefix. */
export type Element = XmlElement;

export type ReadXml = { readonly root: Element } | { readonly problem: ReceivedFindingCode };

/** Deeper than any document that people write, and far from what the platform's stack holds. */
const maxDepth = 200;

/**
 * The tree of an XML document. Document types are refused: entities that grow, and files of others, are declared there.
 * Never throws.
 */
export function readXml(bytes: Uint8Array): ReadXml {
  const text = decodeXml(bytes);
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return { problem: 'XML_DOCTYPE' };
  try {
    const { root } = parseXml(text);
    if (root === null) return { problem: 'XML_INVALID' };
    return isTooDeep(root) ? { problem: 'XML_DEEP' } : { root };
  } catch (error) {
    // It reads by recursion: an elevator shaft of tags ends on the platform's stack.
    if (error instanceof RangeError) return { problem: 'XML_DEEP' };
    // The parser's message quotes the text, which is a patient's.
    return { problem: 'XML_INVALID' };
  }
}

export function localName({ name }: Element): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The children of an element, of one name or of any. */
export function childrenOf(element: Element | null, name?: string): Element[] {
  const elements = (element?.children ?? []).filter((child) => child instanceof XmlElement);
  return name === undefined ? elements : elements.filter((child) => localName(child) === name);
}

/** The first element down a path of names, `a/b/c`; null where there is none. */
export function at(element: Element | null, path: string): Element | null {
  let current: Element | null = element;
  for (const name of path.split('/')) current = childrenOf(current, name)[0] ?? null;
  return current;
}

/** An attribute, '' where there is none; its prefix left out. */
export function attribute(element: Element | null, name: string): string {
  if (element === null) return '';
  const found = Object.entries(element.attributes).find(([key]) => key.slice(key.indexOf(':') + 1) === name);
  return found?.[1] ?? '';
}

/** The parts of an element in their order, each a text or an element. */
export function partsOf(element: Element): (string | Element)[] {
  return element.children.flatMap((child): (string | Element)[] => {
    if (child instanceof XmlElement) return [child];
    return child instanceof XmlText || child instanceof XmlCdata ? [child.text] : [];
  });
}

/** Every element of that name below, in the order of the document. */
export function* descendants(element: Element, name: string): Generator<Element> {
  for (const child of childrenOf(element)) {
    if (localName(child) === name) yield child;
    yield* descendants(child, name);
  }
}

function decodeXml(bytes: Uint8Array): string {
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, 200));
  const declared = /^[^<]{0,3}<\?xml[^>]*encoding=["']([\w.-]{1,40})["']/i.exec(head)?.[1]?.toLowerCase();
  const isLatin = declared !== undefined && /^(iso-8859-1|iso-8859-15|windows-1252|cp1252|latin-?1)$/.test(declared);
  if (!isLatin) return decodeForeignText(bytes).text;
  return new TextDecoder(declared === 'iso-8859-15' ? 'iso-8859-15' : 'windows-1252').decode(bytes);
}

/** Level by level, not by recursion: what is too deep must not get far. */
function isTooDeep(root: Element): boolean {
  let level = [root];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > maxDepth) return true;
    level = level.flatMap((element) => childrenOf(element));
  }
  return false;
}
