import { insKindOf } from '../identifiers/ins.ts';
import { cdaResults, loincRoot } from './cda-results.ts';
import { cdaTime } from './cda-time.ts';
import { narrativeBlocks } from './narrative.ts';
import { FindingCount, fieldText, type ReceivedIdentity, type ReceivedReport, type TextBlock } from './report.ts';
import { at, attribute, childrenOf, descendants, type Element, localName, readXml } from './xml-tree.ts';

/** LOINC: laboratory report, the type of document of the French profile CR-BIO. */
const laboratoryReport = '11502-2';
/** Templates of IHE's Sharing Laboratory Reports. */
const laboratoryTemplates = '1.3.6.1.4.1.19376.1.3.';
const maxBlocks = 5_000;

export type ReadCda =
  | { readonly report: ReceivedReport }
  | { readonly problem: ReceivedReport['findings'][number]['code'] };

/** A document of HL7 CDA R2; null for what is no XML of that kind. Never throws. */
export function parseCda(bytes: Uint8Array): ReadCda | null {
  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, 20_000));
  if (!/^[^<]{0,3}\s*</.test(head)) return null;
  const read = readXml(bytes);
  if ('problem' in read) return read;
  return localName(read.root) === 'ClinicalDocument' ? { report: readDocument(read.root) } : null;
}

function readDocument(root: Element): ReceivedReport {
  const found = new FindingCount();
  const code = at(root, 'code');
  const isLaboratory =
    (attribute(code, 'code') === laboratoryReport && attribute(code, 'codeSystem') === loincRoot) ||
    childrenOf(root, 'templateId').some((one) => attribute(one, 'root').startsWith(laboratoryTemplates));
  const body = at(root, 'component/structuredBody');
  const results = isLaboratory && body !== null ? cdaResults(body, found) : [];
  return {
    format: 'cda',
    isLaboratory,
    title: textOf(at(root, 'title')) || fieldText(attribute(code, 'displayName')),
    identity: identityOf(at(root, 'recordTarget/patientRole'), found),
    sender: authorOf(root, isLaboratory),
    recipient: personOf(at(root, 'informationRecipient/intendedRecipient/informationRecipient')),
    number: fieldText(attribute(at(root, 'id'), 'extension') || attribute(at(root, 'id'), 'root')),
    at: cdaTime(attribute(at(root, 'effectiveTime'), 'value')),
    results,
    blocks: blocksOf(body, found),
    findings: found.list(),
  };
}

function identityOf(role: Element | null, found: FindingCount): ReceivedIdentity | null {
  const patient = at(role, 'patient');
  const names = childrenOf(patient, 'name');
  const families = names.flatMap((name) => childrenOf(name, 'family'));
  const givens = names.flatMap((name) => childrenOf(name, 'given'));
  const birth = qualified(families, 'BR');
  const used = qualified(families, 'CL') || qualified(families, 'SP') || textOf(families.find(isPlain) ?? null);
  const given = qualified(givens, 'CL') || qualified(givens, 'BR') || textOf(givens[0] ?? null);
  const family = used || birth;
  if (family === '' && given === '') {
    found.add('IDENTITY_MISSING');
    return null;
  }
  const ins = childrenOf(role, 'id').find((id) => insKindOf(`urn:oid:${attribute(id, 'root')}`) !== null);
  const digits = attribute(ins ?? null, 'extension')
    .replace(/\s/g, '')
    .toUpperCase();
  const gender = attribute(at(patient, 'administrativeGenderCode'), 'code');
  const born = attribute(at(patient, 'birthTime'), 'value');
  const birthDate = cdaTime(born)?.slice(0, 10) ?? null;
  if (birthDate === null && born !== '') found.add('BIRTH_DATE_ODD');
  return {
    ...{ family, given, birthDate },
    birthFamily: birth === '' || birth === family ? null : birth,
    sex: gender === 'M' ? 'male' : gender === 'F' ? 'female' : null,
    nir: /^[0-9AB]{13}(\d\d)?$/.test(digits) ? digits : null,
  };
}

function qualified(elements: readonly Element[], qualifier: string): string {
  return textOf(elements.find((one) => attribute(one, 'qualifier') === qualifier) ?? null);
}

const isPlain = (element: Element) => attribute(element, 'qualifier') === '';

/** The laboratory, or the practitioner and where they work. */
function authorOf(root: Element, isLaboratory: boolean): string {
  const author = at(root, 'author/assignedAuthor');
  const organization =
    textOf(at(author, 'representedOrganization/name')) ||
    textOf(at(root, 'custodian/assignedCustodian/representedCustodianOrganization/name'));
  const person = personOf(at(author, 'assignedPerson')) || textOf(at(author, 'assignedAuthoringDevice/softwareName'));
  return isLaboratory ? organization || person : [person, organization].filter(Boolean).join(', ');
}

function personOf(person: Element | null): string {
  const name = at(person, 'name');
  const parts = ['prefix', 'given', 'family'].map((part) => textOf(at(name, part)));
  return parts.filter(Boolean).join(' ') || textOf(name);
}

function textOf(element: Element | null): string {
  return element === null ? '' : fieldText(element.text);
}

/** The sections in their order, each its title and what it says for the eye. */
function blocksOf(body: Element | null, found: FindingCount): TextBlock[] {
  const blocks: TextBlock[] = [];
  for (const section of body === null ? [] : descendants(body, 'section')) {
    if (blocks.length >= maxBlocks) {
      found.add('TEXT_LONG');
      break;
    }
    const title = textOf(at(section, 'title'));
    if (title !== '') blocks.push({ kind: 'heading', text: title });
    const text = at(section, 'text');
    if (text !== null) blocks.push(...narrativeBlocks(text));
  }
  return blocks;
}
