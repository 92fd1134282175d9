import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { parseCda } from '../../src/received/cda.ts';
import { cdaTime } from '../../src/received/cda-time.ts';
import { readReceivedFile } from '../../src/received/received-file.ts';

const file = new Uint8Array(readFileSync(new URL('fixtures/benoit-biologie.xml', import.meta.url)));
const text = new TextDecoder().decode(file);
const bytes = (xml: string) => new TextEncoder().encode(xml);
/** Examples of the ANS, not part of this repository. */
const examples = fileURLToPath(new URL('../../../../../shared/data/cda/ExemplesCDA', import.meta.url));

function read(xml: string) {
  const found = parseCda(bytes(xml));
  return found !== null && 'report' in found ? found.report : assert.fail(JSON.stringify(found));
}

describe('a laboratory report in CDA R2', () => {
  it('gives the patient by both names and the INS, the laboratory, and the results with what they were before', () => {
    const report = read(text);
    assert.deepEqual(report.identity, {
      ...{ family: 'BENOIT', given: 'SUZANNE', birthFamily: 'LACOMBE', birthDate: '1958-05-03', sex: 'female' },
      nir: '258056926400161',
    });
    assert.deepEqual([report.sender, report.at], ['Laboratoire Bioalliance', '2026-11-23T17:00:00+01:00']);
    assert.ok(report.isLaboratory);
    const [hba1c, creatinine, crp] = report.results;
    assert.deepEqual(hba1c, {
      ...{ label: 'HbA1c', loinc: '4548-4', code: 'A1C', unit: '%', low: null, high: '6.0', rangeText: '', flag: 'H' },
      value: { number: '7.4', comparator: null, text: '7.4' },
      ...{ status: 'final', at: '2026-11-23T08:10:00+01:00', previous: { text: '6.9 %', at: '2026-05-28' } },
      note: 'Contrôle conseillé',
    });
    assert.deepEqual([creatinine?.low, creatinine?.high, creatinine?.rangeText], ['49', '90', '49 – 90 µmol/l']);
    assert.deepEqual(crp?.value, { number: '0.5', comparator: '<', text: '< 0.5' });
    assert.equal(report.results.length, 3);
  });

  it('takes no value from what was not done, was taken back or is said not to be', () => {
    for (const damaged of [
      ...['aborted', 'cancelled', 'nullified'].map((code) => text.replace('code="completed"/>', `code="${code}"/>`)),
      text.replace('<observation classCode', '<observation negationInd="true" classCode'),
    ]) {
      const { results, findings } = read(damaged);
      assert.deepEqual([results[0]?.label, results[0]?.value, results[0]?.flag], ['HbA1c', null, null]);
      assert.deepEqual(findings, [{ code: 'RESULT_ODD', count: 1 }]);
      assert.equal(results[1]?.value?.number, '74');
    }
  });

  it('keeps its narrative as plain blocks', () => {
    const { blocks } = read(text);
    assert.deepEqual(blocks, [
      { kind: 'heading', text: 'Biochimie' },
      {
        kind: 'table',
        rows: [
          ['Analyse', 'Résultat', 'Référence'],
          ['HbA1c', '7,4 %', '< 6,0'],
          ['Créatinine', '74 µmol/l', '49 – 90'],
        ],
        hasHead: true,
      },
      { kind: 'item', text: 'Prélèvement : sang veineux\nà jeun' },
      { kind: 'paragraph', text: 'Validé par le Dr Perrin.' },
    ]);
  });

  it('shows mark-up and scripts of a narrative as characters', () => {
    const hostile = text.replace(
      'Validé par le Dr Perrin.',
      '&lt;script&gt;alert(1)&lt;/script&gt;<script>steal()</script><linkHtml href="javascript:x">ici</linkHtml>',
    );
    assert.deepEqual(read(hostile).blocks.at(-1), { kind: 'paragraph', text: '<script>alert(1)</script>steal()ici' });
  });

  it('in ISO 8859-1 is read as it declares', () => {
    const latin = text.replace('UTF-8', 'ISO-8859-1').replaceAll('’', "'").replaceAll('–', '-');
    const report = parseCda(Uint8Array.from(latin, (letter) => letter.charCodeAt(0)));
    assert.equal(report !== null && 'report' in report ? report.report.results[1]?.label : '', 'Créatinine');
  });

  it('that declares entities, nests without end or is cut is refused, and kept whole', () => {
    const lol = `<!DOCTYPE lolz [<!ENTITY a "${'lol'.repeat(10)}">${Array.from({ length: 20 }, (_, place) => `<!ENTITY a${place} "&a;&a;&a;&a;">`).join('')}]>`;
    const cases = {
      XML_DOCTYPE: text.replace('<ClinicalDocument', `${lol}<ClinicalDocument`),
      XML_DEEP: `<ClinicalDocument>${'<a>'.repeat(50_000)}`,
      XML_INVALID: text.slice(0, 4_000),
    };
    for (const [problem, xml] of Object.entries(cases)) {
      assert.deepEqual(parseCda(bytes(xml)), { problem });
      const [part, ...more] = readReceivedFile(bytes(xml));
      assert.deepEqual([part?.start, part?.end, part?.report, more.length], [0, bytes(xml).length, null, 0]);
      assert.equal(part?.findings[0]?.code, problem);
    }
    const nested = `<ClinicalDocument>${'<a b="/>">'.repeat(400)}${'</a>'.repeat(400)}</ClinicalDocument>`;
    assert.deepEqual(parseCda(bytes(nested)), { problem: 'XML_DEEP' });
    assert.equal(parseCda(bytes('<html><body/></html>')), null);
  });

  it('never throws, wherever it is damaged', () => {
    const places = fc.array(
      fc.tuple(fc.nat(text.length), fc.constantFrom('<', '>', '"', '&', '\u0000', '</', '<a ', '😀', 'x="')),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(places, (edits) => {
        let damaged = text;
        for (const [at, put] of edits) damaged = damaged.slice(0, at) + put + damaged.slice(at + 1);
        const parts = readReceivedFile(bytes(damaged));
        assert.equal(parts.at(-1)?.end, bytes(damaged).length);
      }),
      { numRuns: 400 },
    );
  });

  it('with times of HL7 gives what is sure of them', () => {
    const times = [
      '20200312111700+0100',
      '20200312111700',
      '20200312',
      '2020',
      '20201301',
      '20210229',
      'x',
      '202003121117+0160',
    ];
    assert.deepEqual(times.map(cdaTime), [
      ...['2020-03-12T11:17:00+01:00', '2020-03-12', '2020-03-12', '2020', null, null, null, '2020-03-12'],
    ]);
  });
});

describe('examples of the ANS', { skip: existsSync(examples) ? false : 'they are not on this machine' }, () => {
  it('are kept as documents, with their patient, author, date and narrative', () => {
    for (const path of globSync(`${examples}/*.xml`)) {
      const [part] = readReceivedFile(new Uint8Array(readFileSync(path)));
      const report = part?.report ?? assert.fail(path);
      assert.equal(report.identity?.family, 'PAT-TROIS');
      assert.match(report.identity.nir ?? '', /^\d{15}$/);
      assert.notEqual(report.title, '');
      assert.notEqual(report.sender, '');
      assert.match(report.at ?? '', /^20\d\d-/);
      assert.ok(report.blocks.length > 5, path);
      assert.deepEqual(report.results, []);
    }
  });
});
