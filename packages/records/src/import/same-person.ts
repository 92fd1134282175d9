import { isJsonArray, isJsonObject, type JsonObject } from '../json-text.ts';
import { identifiersOf } from '../reference.ts';

/**
 * False when two Patients of the same id are plainly two people: nothing that identifies agrees, and something could have. Ids
 * are only unique within the software that gave them, and two files may both have a `Patient/1`.
 */
export function mayBeSamePerson(left: JsonObject, right: JsonObject): boolean {
  const pairs: readonly (readonly [ReadonlySet<string>, ReadonlySet<string>])[] = [
    [identifierKeys(left), identifierKeys(right)],
    [birthDates(left), birthDates(right)],
    [familyNames(left), familyNames(right)],
  ];
  const comparable = pairs.filter(([one, other]) => one.size > 0 && other.size > 0);
  return comparable.length === 0 || comparable.some(([one, other]) => [...one].some((value) => other.has(value)));
}

function identifierKeys(patient: JsonObject): Set<string> {
  return new Set(identifiersOf(patient).map(({ system, value }) => JSON.stringify([system, value])));
}

function birthDates(patient: JsonObject): Set<string> {
  return new Set(typeof patient.birthDate === 'string' ? [patient.birthDate] : []);
}

/** Without accents, case or punctuation: the same name is rarely written twice alike. */
function familyNames(patient: JsonObject): Set<string> {
  const names = isJsonArray(patient.name) ? patient.name.filter(isJsonObject) : [];
  const families = names.flatMap((name) => (typeof name.family === 'string' ? [name.family] : []));
  const folded = families.map((family) =>
    family
      .normalize('NFD')
      .replace(/[^\p{L}]/gu, '')
      .toUpperCase(),
  );
  return new Set(folded.filter((family) => family !== ''));
}
