import { parseNir } from '../identifiers/nir.ts';
import { withField, withItem } from '../json-edit.ts';
import { equalJson, isJsonArray, isJsonObject, type JsonObject, type JsonValue, jsonNumber } from '../json-text.ts';
import { textAt } from '../page/element-text.ts';
import { codeSystems, extensionUrls } from './coding-system.ts';
import { withPersons } from './contact.ts';
import { type Identity, isCurrent, isIns, readIdentity, statusAfter } from './identity.ts';
import { checkResource } from './own-resource.ts';
import { insIdentifier, patientSchema, statusCodes } from './patient.ts';

/**
 * A Patient with what a form changed of it. Only what differs from `readIdentity` is written: everything else, known or not,
 * stays as it was received. `today` (`2026-11-23`) dates a proof. The status follows `statusAfter`, whatever was asked.
 * Throws RESOURCE_INVALID for what no Patient of Serment may say, never for a number that looks wrong.
 */
export function editIdentity(patient: JsonObject, asked: Identity, today: string): JsonObject {
  const before = readIdentity(patient);
  const after = { ...asked, status: statusAfter(before, asked) };
  requireWritable(before, after);
  const differs = (...names: readonly (keyof Identity)[]) => names.some((name) => before[name] !== after[name]);
  let next = patient;
  if (differs('birthName', 'firstGivenName', 'birthGivenNames', 'usedName', 'usedGivenName'))
    next = withNames(next, before, after);
  if (differs('sex')) next = withField(next, 'gender', after.sex);
  if (differs('birthDate')) next = withField(next, 'birthDate', after.birthDate || undefined);
  if (differs('birthRank')) next = withRank(next, after.birthRank);
  if (differs('birthPlaceCode', 'birthPlaceName')) next = withBirthPlace(next, before, after);
  if (differs('nir')) next = withIns(next, after.nir);
  if (differs('status', 'proof')) next = withStatus(next, after, today);
  if (differs('deceased')) next = withDeath(next, after.deceased);
  next = withPoints(next, before, after);
  if (differs('addressLines', 'postalCode', 'city')) next = withAddress(next, after);
  if (differs('doctor', 'doctorName')) next = withDoctor(next, after);
  return equalPersons(before, after) ? next : withPersons(next, after.persons);
}

/** What was changed must be what Serment itself may write; what was received is not asked. */
function requireWritable(before: Identity, after: Identity): void {
  const changed = (name: 'birthDate' | 'birthRank' | 'deceased') => (before[name] === after[name] ? '' : after[name]);
  const named = (name: 'birthName' | 'firstGivenName') => (before[name] === after[name] ? 'x' : after[name]);
  const [birthDate, rank, deceased] = [changed('birthDate'), changed('birthRank'), changed('deceased')];
  checkResource(patientSchema, {
    resourceType: 'Patient',
    id: 'x',
    name: [{ family: named('birthName'), given: [named('firstGivenName')] }],
    gender: after.sex,
    ...(birthDate === '' ? {} : { birthDate }),
    ...(rank === '' ? {} : { multipleBirthInteger: Number(rank) }),
    ...(deceased === '' || deceased === 'yes' ? {} : { deceasedDateTime: deceased }),
  });
}

/** The name of the birth is `maiden` where a system wrote one, and then `official` is the one in use. */
function withNames(patient: JsonObject, before: Identity, after: Identity): JsonObject {
  const names = isJsonArray(patient.name) ? patient.name.filter(isJsonObject) : [];
  const has = (use: string) => names.some((name) => name.use === use);
  const isMaiden = (name: JsonObject) => name.use === 'maiden' && typeof name.family === 'string';
  const hasMaiden = names.some(isMaiden);
  const isOfUse = hasMaiden && !has('usual');
  const family = hasMaiden ? after.usedName || after.birthName : after.birthName;
  const isSaidByUsual = hasMaiden && has('usual') && after.usedName !== '';
  const isFamilyNew = !isSaidByUsual && (before.birthName !== after.birthName || before.usedName !== after.usedName);
  let next = patient;
  if (hasMaiden && before.birthName !== after.birthName)
    next = withItem(next, 'name', {
      fits: isMaiden,
      change: (name) => withFamily(name ?? {}, after.birthName),
    });
  next = withItem(next, 'name', {
    fits: ({ use }) => (has('official') ? use === 'official' : use === undefined),
    change: (name) => {
      let changed: JsonObject = name ?? { use: 'official' };
      if (name === null || (isFamilyNew && textAt(name, 'family') !== family)) changed = withFamily(changed, family);
      if (before.firstGivenName !== after.firstGivenName || name === null)
        changed = withFirstGiven(changed, after.firstGivenName);
      if (before.birthGivenNames === after.birthGivenNames && name !== null) return changed;
      const extension = { url: extensionUrls.birthGivenNames, valueString: after.birthGivenNames };
      return withExtension(changed, extensionUrls.birthGivenNames, () =>
        after.birthGivenNames === '' ? null : extension,
      );
    },
  });
  return isOfUse && after.usedGivenName === '' ? next : withUsual(next, before, after);
}

/** A name in use says both parts, so that it can be read alone. */
function withUsual(patient: JsonObject, before: Identity, after: Identity): JsonObject {
  return withItem(patient, 'name', {
    fits: (name) => name.use === 'usual',
    change: (name) => {
      const isUsed = after.usedName !== '' || after.usedGivenName !== '';
      if (name === null && !isUsed) return null;
      const isBare =
        name !== null && Object.keys(name).every((key) => ['use', 'family', 'given', 'text'].includes(key));
      const wasUsed = before.usedName !== '' || before.usedGivenName !== '';
      if (!isUsed && wasUsed && isBare) return null;
      const [family, given] = [after.usedName || after.birthName, after.usedGivenName || after.firstGivenName];
      let changed: JsonObject = name ?? { use: 'usual' };
      if (textAt(changed, 'family') !== family) changed = withFamily(changed, family);
      if (given === '') return withField(changed, 'given', undefined);
      if (textAt(changed, 'given') !== given) changed = withFirstGiven(changed, given);
      return changed;
    },
  });
}

/** The whole name as one text would say another one than its parts. */
function withFamily(name: JsonObject, family: string): JsonObject {
  return withField(withField(name, 'text', undefined), 'family', family || undefined);
}

function withFirstGiven(name: JsonObject, given: string): JsonObject {
  const others = isJsonArray(name.given) ? name.given.slice(1) : [];
  const all = given === '' ? others : [given, ...others];
  return withField(withField(name, 'text', undefined), 'given', all.length === 0 ? undefined : all);
}

function withRank(patient: JsonObject, rank: string): JsonObject {
  if (rank === '') return withField(patient, 'multipleBirthInteger', undefined);
  const number: JsonValue = jsonNumber(rank);
  return withField(withField(patient, 'multipleBirthBoolean', undefined), 'multipleBirthInteger', number);
}

function withBirthPlace(patient: JsonObject, before: Identity, after: Identity): JsonObject {
  const { birthPlaceCode, birthPlaceName } = after;
  return withExtension(patient, extensionUrls.birthPlace, (known) => {
    const was = known?.valueAddress;
    let place: JsonObject = isJsonObject(was) ? was : {};
    if (before.birthPlaceName !== birthPlaceName)
      place = withField(withField(place, 'text', undefined), 'city', birthPlaceName || undefined);
    if (before.birthPlaceCode !== birthPlaceCode)
      place = withExtension(place, extensionUrls.inseeCode, () =>
        birthPlaceCode === ''
          ? null
          : { url: extensionUrls.inseeCode, valueCoding: { system: codeSystems.commune, code: birthPlaceCode } },
      );
    if (Object.keys(place).length === 0) return null;
    return withField(known ?? { url: extensionUrls.birthPlace }, 'valueAddress', place);
  });
}

/** A number that cannot be read is kept as it was typed: who typed it was told. */
function withIns(patient: JsonObject, typed: string): JsonObject {
  const value = parseNir(typed).nir?.text ?? typed.trim();
  return withItem(patient, 'identifier', {
    fits: isIns,
    change: (known) => {
      if (value === '') return null;
      return known === null ? plain(insIdentifier('INS-NIR', value)) : withField(known, 'value', value);
    },
  });
}

/** A status without proof says none: what was seen was of another identity. */
function withStatus(patient: JsonObject, { status, proof }: Identity, today: string): JsonObject {
  const isProven = status === 'validated' && proof !== '';
  return withExtension(patient, extensionUrls.identityReliability, (known) => {
    let next: JsonObject = known ?? { url: extensionUrls.identityReliability };
    next = withExtension(next, 'identityStatus', () => ({
      url: 'identityStatus',
      valueCoding: { system: codeSystems.frIdentityStatus, code: statusCodes[status] },
    }));
    if (status === 'qualified') return next;
    next = withExtension(next, 'validationDate', () => (isProven ? { url: 'validationDate', valueDate: today } : null));
    const mode = { url: 'validationMode', valueCoding: { system: codeSystems.frIdentityProof, code: proof } };
    return withExtension(next, 'validationMode', () => (isProven ? mode : null));
  });
}

function withDeath(patient: JsonObject, deceased: string): JsonObject {
  const alive = withField(withField(patient, 'deceasedBoolean', undefined), 'deceasedDateTime', undefined);
  if (deceased === '') return alive;
  return deceased === 'yes'
    ? withField(alive, 'deceasedBoolean', true)
    : withField(alive, 'deceasedDateTime', deceased);
}

function withPoints(patient: JsonObject, before: Identity, after: Identity): JsonObject {
  const isPhone = (point: JsonObject) => point.system === 'phone' && isCurrent(point);
  const kinds = [
    ['mobile', { system: 'phone', use: 'mobile' }, (point: JsonObject) => isPhone(point) && point.use === 'mobile'],
    ['phone', { system: 'phone', use: 'home' }, (point: JsonObject) => isPhone(point) && point.use !== 'mobile'],
    ['email', { system: 'email' }, (point: JsonObject) => point.system === 'email' && isCurrent(point)],
  ] as const;
  return kinds.reduce((next, [name, made, fits]) => {
    const value = after[name].trim();
    if (before[name] === after[name]) return next;
    return withItem(next, 'telecom', {
      fits,
      change: (known) => (value === '' ? null : { ...(known ?? made), value }),
    });
  }, patient);
}

function withAddress(patient: JsonObject, { addressLines, postalCode, city }: Identity): JsonObject {
  const lines = addressLines.split('\n').flatMap((line) => line.trim() || []);
  return withItem(patient, 'address', {
    fits: isCurrent,
    change: (known) => {
      // The whole address as one text would say another one than its parts.
      let next = withField(known ?? { use: 'home' }, 'text', undefined);
      next = withField(next, 'line', lines.length === 0 ? undefined : lines);
      next = withField(next, 'postalCode', postalCode.trim() || undefined);
      next = withField(next, 'city', city.trim() || undefined);
      return Object.keys(next).every((key) => key === 'use' || key === 'type') ? null : next;
    },
  });
}

/** The first one is the attending doctor; further ones are kept. */
function withDoctor(patient: JsonObject, { doctor, doctorName }: Identity): JsonObject {
  return withItem(patient, 'generalPractitioner', {
    fits: () => true,
    change: () => {
      if (doctor === '' && doctorName.trim() === '') return null;
      const name = doctorName.trim() === '' ? {} : { display: doctorName.trim() };
      return { ...(doctor === '' ? {} : { reference: doctor }), ...name };
    },
  });
}

function withExtension(
  element: JsonObject,
  url: string,
  change: (known: JsonObject | null) => JsonObject | null,
): JsonObject {
  return withItem(element, 'extension', { fits: (one) => one.url === url, change });
}

function equalPersons(before: Identity, after: Identity): boolean {
  const told = ({ persons }: Identity) => persons.map((person) => ({ ...person, place: String(person.place) }));
  return equalJson(told(before), told(after));
}

function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
