import { elementAt, itemsAt, scalarText, textAt } from '@serment/records/page/element-text';
import type { Read } from './reading.ts';
import type { ContactLine } from './view.ts';

/** How to reach a patient: what is current, in the order in which the record has it, addresses last. */
export function contactOf(reads: readonly Read[]): ContactLine[] {
  const [patient] = reads.filter(({ type }) => type === 'Patient').map(({ resource }) => resource);
  const points = itemsAt(patient, 'telecom').filter(isCurrent).flatMap(pointLine);
  const addresses = itemsAt(patient, 'address').filter(isCurrent).map(addressText);
  return [
    ...points,
    ...addresses.filter((text) => text !== '').map((text) => ({ kind: 'address' as const, text, href: null })),
  ];
}

function isCurrent(element: unknown): boolean {
  return textAt(element, 'use') !== 'old' && textAt(element, 'period.end') === '';
}

function pointLine(point: unknown): ContactLine[] {
  const value = textAt(point, 'value').trim();
  if (value === '') return [];
  const system = textAt(point, 'system');
  if (system === 'email') return [{ kind: 'email', text: value, href: `mailto:${encodeURI(value)}` }];
  if (system !== 'phone') return [{ kind: 'other', text: value, href: null }];
  const kind = textAt(point, 'use') === 'mobile' ? 'mobile' : 'phone';
  return [{ kind, text: phoneText(value), href: `tel:${value.replace(/[^+\d]/g, '')}` }];
}

/** `06 12 34 56 78`; a number of another country as it was written. */
export function phoneText(value: string): string {
  const digits = value.replace(/^\s*(?:\+|00)33/, '0').replace(/[\s.-]/g, '');
  return /^0\d{9}$/.test(digits) ? (digits.match(/\d\d/g) ?? []).join('\u00a0') : value;
}

function addressText(address: unknown): string {
  const lines = itemsAt(address, 'line').map(scalarText);
  const town = [textAt(address, 'postalCode'), textAt(address, 'city')].filter((part) => part !== '').join(' ');
  const told = [...lines, town].filter((part) => part !== '').join(', ');
  return told || scalarText(elementAt(address, 'text'));
}
