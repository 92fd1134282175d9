import { withField, withItems } from '../json-edit.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json-text.ts';
import { conceptText, type Fields, itemsAt, scalarText, textAt } from '../page/element-text.ts';
import { codeSystems } from './coding-system.ts';

/** What a person beside a patient is asked for. */
export const personRoles = ['emergency', 'trusted', 'guardian'] as const;
export type PersonRole = (typeof personRoles)[number];

/** A person beside a patient: to call, personne de confiance, parent. */
export interface PersonBeside {
  /** Where it stands among the Patient's contacts; null for a new one. */
  readonly place: number | null;
  readonly name: string;
  /** `mère`, `conjoint`: as it was told. */
  readonly relation: string;
  /** '' for none of those that are told apart. */
  readonly role: PersonRole | '';
  readonly phone: string;
}

/** The contacts of a Patient from anywhere. */
export function personsBeside(patient: Fields): PersonBeside[] {
  return itemsAt(patient, 'contact').map((contact, place) => {
    const relations = itemsAt(contact, 'relationship');
    return {
      place,
      name: nameOf(contact),
      relation: conceptText(relations.find((one) => roleOf(one) === '')),
      role: relations.map(roleOf).find((role) => role !== '') ?? '',
      phone: textAt(
        itemsAt(contact, 'telecom').find((point) => textAt(point, 'system') === 'phone'),
        'value',
      ),
    };
  });
}

/** The Patient with these contacts: what one of them says besides is kept, and those that are not named any more go. */
export function withPersons(patient: JsonObject, persons: readonly PersonBeside[]): JsonObject {
  const before = personsBeside(patient);
  const contacts = isJsonArray(patient.contact) ? patient.contact : [];
  const after = persons.flatMap((person): JsonValue[] => {
    const known = person.place === null ? undefined : contacts[person.place];
    const was = person.place === null ? undefined : before[person.place];
    if (person.name.trim() === '' && person.phone.trim() === '' && was === undefined) return [];
    return [changed(isJsonObject(known) ? known : {}, was, person)];
  });
  return withItems(patient, 'contact', after);
}

function changed(contact: JsonObject, was: PersonBeside | undefined, person: PersonBeside): JsonObject {
  let next = contact;
  if (person.name !== (was?.name ?? ''))
    next = withField(next, 'name', person.name.trim() === '' ? undefined : { text: person.name.trim() });
  if (person.phone !== (was?.phone ?? '')) next = withPhone(next, person.phone.trim());
  if (person.relation !== (was?.relation ?? '') || person.role !== (was?.role ?? ''))
    next = withRelations(next, person);
  return next;
}

function withPhone(contact: JsonObject, phone: string): JsonObject {
  const points = isJsonArray(contact.telecom) ? contact.telecom : [];
  const place = points.findIndex((point) => textAt(point, 'system') === 'phone');
  const known = points[place];
  const point = phone === '' ? [] : [{ ...(isJsonObject(known) ? known : { system: 'phone' }), value: phone }];
  if (place < 0) return withItems(contact, 'telecom', [...points, ...point]);
  return withItems(contact, 'telecom', [...points.slice(0, place), ...point, ...points.slice(place + 1)]);
}

/** The first relation that is no role is the one that a form shows; further ones are kept. */
function withRelations(contact: JsonObject, { relation, role }: PersonBeside): JsonObject {
  const relations = isJsonArray(contact.relationship) ? contact.relationship : [];
  const others = relations.filter((one) => roleOf(one) === '').slice(1);
  const told = relation.trim() === '' ? [] : [{ text: relation.trim() }];
  return withItems(contact, 'relationship', [...(role === '' ? [] : [roleConcept(role)]), ...told, ...others]);
}

const roleTexts: Readonly<Record<PersonRole, string>> = {
  emergency: 'Personne à prévenir',
  trusted: 'Personne de confiance',
  guardian: 'Représentant légal',
};

function roleConcept(role: PersonRole): JsonObject {
  // Table 0131 of HL7 v2 has a word for the first alone.
  const known = role === 'emergency' ? [{ system: codeSystems.contactRelationship, code: 'C' }] : [];
  return { coding: [{ system: codeSystems.contactRole, code: role }, ...known], text: roleTexts[role] };
}

function roleOf(relationship: unknown): PersonRole | '' {
  for (const coding of itemsAt(relationship, 'coding')) {
    const [system, code] = [textAt(coding, 'system'), textAt(coding, 'code')];
    if (system === codeSystems.contactRelationship && code === 'C') return 'emergency';
    const found = personRoles.find((role) => system === codeSystems.contactRole && code === role);
    if (found !== undefined) return found;
  }
  return '';
}

function nameOf(contact: unknown): string {
  const text = textAt(contact, 'name.text');
  if (text !== '') return text;
  const given = itemsAt(contact, 'name.given').map(scalarText);
  return [...given, textAt(contact, 'name.family')].filter((part) => part !== '').join(' ');
}
