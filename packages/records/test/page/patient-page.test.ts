import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { demoPractice } from '../../src/demo/demo-practice.ts';
import { parseJson } from '../../src/json-text.ts';
import { elementAt, itemsAt, textAt } from '../../src/page/element-text.ts';
import { indexPage } from '../../src/page/index-page.ts';
import { type PatientPageInput, patientPage } from '../../src/page/patient-page.ts';

const base = { practiceName: 'Cabinet des Tilleuls', exportedAt: '2026-11-23T14:18:00+01:00', lang: 'fr' } as const;
const patient = {
  resourceType: 'Patient',
  id: 'p',
  name: [{ family: 'Petit', given: ['Zoé'] }],
  gender: 'female',
  birthDate: '1990-05-02',
};
const page = (resources: readonly unknown[], more: Partial<PatientPageInput> = {}): string =>
  patientPage({ ...base, patient, records: resources.map((resource) => ({ resource })), documents: [], ...more });

/** What the page may contain as markup: anything else in angle brackets came from a record. */
const allowedTags = new Set(
  '!doctype html head meta title style body main div b span header h1 h2 h3 p section ul li article time dl dt dd a details summary table thead tbody tr th td br'.split(
    ' ',
  ),
);

function assertHarmless(html: string): void {
  for (const [, name = ''] of html.matchAll(/<\/?([a-z!][^\s>/]*)/gi))
    assert.ok(allowedTags.has(name.toLowerCase()), name);
  for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) assert.match(href, /^\.{1,2}\//);
  assert.doesNotMatch(html, /<[^>]*\son[a-z]+=/i);
  assert.doesNotMatch(html, /(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
}

test('the page needs nothing else: no script, no address, the strictest policy', () => {
  const html = page([]);
  assert.ok(html.includes(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`));
  assert.doesNotMatch(html, /<script|<link|<img|<iframe|@import|url\(/i);
  assertHarmless(html);
});

test('a demonstration patient is readable: identity, allergy, problems, notes with their measures, documents as links', () => {
  const practice = demoPractice({ patients: 1, seed: 1, today: '2026-11-23' });
  const [elodie] = [...practice.patients()];
  assert.ok(elodie !== undefined);
  const documents = elodie.documents.map(({ id, title }) => ({
    fileName: `documents/${title} n° 1.pdf`,
    title,
    url: `urn:serment:document:${id}`,
  }));
  const html = page([...elodie.resources, ...practice.practitioners], { patient: elodie.resources[0], documents });
  for (const words of [
    'SANTORO Élodie',
    'née Lefèvre',
    'Femme, 34 ans',
    'Pénicilline\u00a0: urticaire',
    'Diabète de type 2',
    'Metformine 1 000 mg',
    'lot K7421',
    '124/74 mmHg',
    '7,4\u00a0%',
    'Dr Claire Vasseur',
    'ALD 8',
  ]) {
    assert.ok(html.includes(words), words);
  }
  assert.ok(html.includes('href="./documents/Compte%20rendu%20de%20r%C3%A9tinographie%20n%C2%B0%201.pdf"'));
  assertHarmless(html);
});

test('no known allergy and not asked are different, and neither is a blank', () => {
  const none = {
    resourceType: 'AllergyIntolerance',
    id: 'a',
    code: { coding: [{ code: 'no-known-allergies' }] },
    patient: { reference: 'Patient/p' },
    recordedDate: '2026-01-05',
  };
  assert.ok(page([none]).includes('Aucune allergie connue'));
  assert.ok(!page([none]).includes('question non posée'));
  assert.ok(page([]).includes('question non posée'));
  const mistaken = { ...none, verificationStatus: { coding: [{ code: 'entered-in-error' }] } };
  assert.ok(page([mistaken]).includes('question non posée'));
});

test('hostile content stays text: markup, quotes, direction marks, script addresses', () => {
  const nasty = `"><script>alert(1)</script><img src=x onerror=alert(2)>' onmouseover='x \u202egnp.exe \u0000`;
  const hostile = [
    {
      resourceType: 'Composition',
      id: nasty,
      status: 'final',
      date: '2026-01-02',
      title: nasty,
      author: [{ display: nasty }],
      section: [{ title: nasty, text: { status: 'generated', div: `<div>${nasty}</div>` } }],
    },
    {
      resourceType: 'Observation',
      status: 'final',
      code: { text: nasty },
      valueString: nasty,
      effectiveDateTime: nasty,
    },
    { resourceType: nasty, id: nasty, [nasty]: { [nasty]: [nasty, { deep: nasty }] }, date: '2026-02-03' },
    {
      resourceType: 'DocumentReference',
      date: '2026-02-03',
      description: nasty,
      content: [{ attachment: { url: 'javascript:alert(3)', title: nasty } }],
    },
    { resourceType: 'Condition', code: { coding: [{ display: nasty }] }, onsetDateTime: nasty },
    { resourceType: '__proto__', code: 'constructor' },
  ];
  const html = page(hostile, {
    patient: {
      ...patient,
      name: [{ family: nasty, given: [nasty] }],
      gender: 'constructor',
      telecom: [{ value: 'javascript:alert(4)' }],
    },
    documents: [
      { fileName: 'javascript:alert(5)', title: nasty, url: 'javascript:alert(3)' },
      { fileName: '//evil.example/x', title: 'absolute' },
      { fileName: 'a"b\'<c>/\ud800.pdf', title: 'odd' },
    ],
    practiceName: nasty,
  });
  assertHarmless(html);
  assert.ok(html.includes('⟦U+202E⟧'));
  assert.ok(html.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
});

test('records of any shape are shown and never stop the page', () => {
  const odd = [
    null,
    3,
    'text',
    [],
    {},
    { resourceType: 5 },
    { resourceType: 'Observation', code: null, component: [null, 7] },
    { resourceType: 'Composition', section: 'none', author: 4 },
    { resourceType: 'Zzz', a: { b: [[1, 2], []] } },
  ];
  const html = page(odd, { patient: null });
  assertHarmless(html);
  assert.ok(html.includes('Enregistrement illisible'));
  assert.ok(html.includes('Sans nom'));
});

test('numbers are shown as they were written', () => {
  const text =
    '{"resourceType":"Observation","code":{"text":"Poids"},"effectiveDateTime":"2026-01-02","valueQuantity":{"value":68.40,"unit":"kg"},"extension":[{"url":"x","valueDecimal":12345678901234567890}]}';
  const html = page([parseJson(text)]);
  assert.ok(html.includes('68,40\u00a0kg'));
  assert.ok(html.includes('12345678901234567890'));
});

test('what was entered in error is out of the timeline and still in the complete data', () => {
  const html = page([
    { resourceType: 'Composition', status: 'entered-in-error', date: '2026-01-02', title: 'Mauvais dossier' },
  ]);
  const [reading = '', complete = ''] = html.split('<section class="full">');
  assert.ok(!reading.includes('Mauvais dossier'));
  assert.ok(complete.includes('Mauvais dossier') && complete.includes('saisi par erreur'));
});

test('a status is read by its code, whatever words go with it', () => {
  const coded = (code: string, display: string) => ({ coding: [{ code, display }], text: display });
  const html = page([
    {
      resourceType: 'AllergyIntolerance',
      code: { text: 'Iode' },
      verificationStatus: coded('entered-in-error', 'Saisie par erreur'),
    },
    { resourceType: 'Condition', code: { text: 'Bronchite' }, clinicalStatus: coded('resolved', 'Résolue') },
    { resourceType: 'Condition', code: { text: 'Asthme' }, clinicalStatus: coded('active', 'Active') },
  ]);
  const [shown = ''] = html.split('<details');
  assert.ok(!shown.includes('Iode'), shown);
  assert.ok(shown.includes('Allergies : question non posée'));
  assert.match(shown, /Asthme<\/span><span[^>]*><\/span>.*Bronchite<\/span><span[^>]*> \(terminé\)/);
});

test('the index counts its patients and links to them by relative address only', () => {
  const html = indexPage({
    ...base,
    patients: [
      { patient, href: 'petit/index.html', records: 1234, documents: 2 },
      { patient: { name: [{ family: '<b>' }] }, href: 'javascript:alert(1)', records: 1, documents: 0 },
    ],
  });
  assertHarmless(html);
  assert.ok(html.includes('2 patients, 1\u202f235 enregistrements, 2 documents'));
  assert.ok(html.includes('<a href="./petit/index.html">PETIT Zoé</a>'));
});

test('the index of an export that is not whole says so, and of which files', () => {
  const entry = { patient, href: 'petit/index.html', records: 1, documents: 0 };
  assert.ok(!indexPage({ ...base, patients: [entry] }).includes('n’est pas complet'));
  const html = indexPage({ ...base, patients: [{ ...entry, isIncomplete: true }, entry], losses: 1234 });
  assertHarmless(html);
  assert.ok(html.includes('n’est pas complet') && html.includes(': 1\u202f234<'));
  assert.equal(html.split('dossier incomplet').length, 2);
  const file = { ...base, patient, records: [], documents: [] };
  assert.ok(!patientPage(file).includes('n’est pas complet'));
  assert.ok(patientPage({ ...file, isIncomplete: true }).includes('n’est pas complet'));
});

const foreign = new URL('../../../../../shared/data/fhir/', import.meta.url);
const bundles = existsSync(foreign) ? readdirSync(foreign).filter((name) => name.endsWith('.json')) : [];

for (const name of bundles) {
  test(`a foreign bundle is shown whole: ${name}`, () => {
    const bundle = parseJson(readFileSync(new URL(name, foreign), 'utf8'));
    const entries = itemsAt(bundle, 'entry').map((entry) => ({
      resource: elementAt(entry, 'resource'),
      fullUrl: textAt(entry, 'fullUrl'),
    }));
    const found = entries.find(({ resource }) => textAt(resource, 'resourceType') === 'Patient');
    const html = patientPage({ ...base, lang: 'en', patient: found?.resource, records: entries, documents: [] });
    assertHarmless(html);
    for (const { resource } of entries) assert.ok(html.includes(textAt(resource, 'id')), textAt(resource, 'id'));
    assert.ok(html.includes(textAt(found?.resource, 'name.family').toUpperCase()));
  });
}
