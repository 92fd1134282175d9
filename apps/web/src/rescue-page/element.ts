import { spellHidden } from '@serment/records/page/escape';

type Child = Node | string | null;

/** An element of text nodes: no character of a record is ever read as anything but text. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.flatMap((child) => (typeof child === 'string' ? spellHidden(child) : (child ?? []))));
  return made;
}

export const button = (text: string, act: () => void, className = ''): HTMLButtonElement =>
  element('button', { type: 'button', className, onclick: act }, text);
