import * as asn1js from 'asn1js';
import { ServerError } from '../error.ts';
import { parseNationalId } from '../identity/national-id.ts';
import type { Certificate } from './certificate.ts';

const country = '2.5.4.6';
const title = '2.5.4.12';
const commonName = '2.5.4.3';
const maxTextLength = 64;

/**
 * The national identifier of the doctor whom a card's certificate names: "8" and the eleven digits of the RPPS. Of the
 * subject are read the country, which is FR, the profession (`title`), which is there, and the common name, which is
 * the RPPS, with or without the "8" before it; each stands once, wherever it stands. The names of the person are not
 * read. Throws CARD_SUBJECT, whose `reason` says which one is wrong.
 */
export function nationalIdOf({ asn1 }: Pick<Certificate, 'asn1'>): string {
  const fields = asn1.subject.typesAndValues;
  const only = (type: string, reason: string): string => {
    const [field, ...others] = fields.filter((one) => one.type === type);
    const text = others.length === 0 ? textOf(field?.value) : null;
    if (text === null) throw refused(reason);
    return text;
  };
  if (only(country, 'COUNTRY') !== 'FR') throw refused('COUNTRY');
  if (only(title, 'PROFESSION').trim() === '') throw refused('PROFESSION');
  const rpps = /^8?(\d{11})$/.exec(only(commonName, 'RPPS'))?.[1];
  if (rpps === undefined) throw refused('RPPS');
  const nationalId = parseNationalId(`8${rpps}`);
  if (nationalId === null) throw refused('RPPS_KEY');
  return nationalId;
}

/** Text of the two kinds that have one reading (RFC 5280 §4.1.2.4); null for the others, and for what is too long. */
function textOf(value: unknown): string | null {
  if (!(value instanceof asn1js.Utf8String || value instanceof asn1js.PrintableString)) return null;
  const text = value.getValue();
  return text.length > maxTextLength ? null : text;
}

function refused(reason: string): ServerError {
  return new ServerError('CARD_SUBJECT', 'The certificate names no health professional of the RPPS', {
    fields: { reason },
  });
}
