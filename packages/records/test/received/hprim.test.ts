import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseHprim } from '../../src/received/hprim.ts';
import { readResult } from '../../src/received/hprim-result.ts';
import { decodeForeignText } from '../../src/received/latin-text.ts';
import { readReceivedFile } from '../../src/received/received-file.ts';
import { readNumber } from '../../src/received/report.ts';
import { ucumOf } from '../../src/received/ucum.ts';

const file = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
const bytes = (text: string) => new TextEncoder().encode(text);
const benoit = file('benoit-utf8.hpr');
const benoitText = new TextDecoder().decode(benoit);
const read = (text: string) => parseHprim(bytes(text))?.[0]?.report ?? assert.fail('not read as HPRIM');
const codes = (text: string) => read(text).findings.map(({ code }) => code);

/** As DOS wrote it: the letters that the sample has. */
function inDos(text: string): Uint8Array {
  const letters: Readonly<Record<string, number>> = { é: 0x82, è: 0x8a, à: 0x85, µ: 0xe6 };
  return Uint8Array.from(text, (letter) => letters[letter] ?? letter.charCodeAt(0));
}

describe('a file of HPRIM Médecin', () => {
  it('gives the patient, the laboratory, its date, and each result with its range and flag', () => {
    const report = read(benoitText);
    assert.deepEqual(report.identity, {
      ...{ family: 'BENOIT', given: 'SUZANNE', birthFamily: null, birthDate: '1958-05-03', sex: null },
      nir: '258056926400161',
    });
    assert.equal(report.sender, 'Laboratoire Bioalliance');
    assert.equal(report.recipient, 'Dr VASSEUR CLAIRE');
    assert.deepEqual([report.number, report.at, report.isLaboratory], ['3135110345', '2026-11-23', true]);
    assert.deepEqual(
      report.results.map(({ label, code, value, unit, low, high, flag }) => [
        ...[label, code, value?.comparator ?? '', value?.number ?? value?.text, unit, low, high, flag],
      ]),
      [
        ['Hémoglobine', 'hb', '', '11.2', 'g/dl', '12.5', '15.5', 'L'],
        ['Protéine C-réactive (CRP)', 'crp', '<', '0.5', 'mg/l', null, null, null],
        ['Créatinine', 'creat', '', '8.3', 'mg/l', '6.0', '11.0', 'N'],
        ['HbA1c', 'a1c', '', '7.4', '%', null, '6.0', 'H'],
        ['Aspect du sérum', 'asp', '', 'Limpide', '', null, null, 'N'],
      ],
    );
    assert.equal(report.results[2]?.note, '73.5 µmol/l (53.1 – 97.4)');
    const [text] = report.blocks;
    assert.match(text?.kind === 'lines' ? text.text : '', /^ +LABORATOIRE BIOALLIANCE\n/);
    assert.deepEqual(report.findings, []);
  });

  it('is the same in UTF-8, Windows-1252 and code page 850, and says which was guessed', () => {
    const latin = Uint8Array.from(benoitText, (letter) => letter.charCodeAt(0));
    for (const [name, encoded] of [
      ['windows-1252', latin],
      ['cp850', inDos(benoitText)],
    ] as const) {
      assert.equal(decodeForeignText(encoded).encoding, name);
      const report = parseHprim(encoded)?.[0]?.report ?? assert.fail();
      assert.deepEqual({ ...report, findings: [] }, read(benoitText));
      assert.deepEqual(report.findings, [{ code: 'ENCODING_GUESSED', count: 1 }]);
    }
  });

  it('of several patients is cut into their reports, and no byte is lost or told twice', () => {
    const whole = file('trois-comptes-rendus-1252.hpr');
    const parts = parseHprim(whole) ?? assert.fail();
    assert.deepEqual(
      parts.map(({ report }) => report.identity?.family),
      ['BENOIT', 'DIALLO', 'MARCHAND'],
    );
    assert.deepEqual(
      parts.map(({ start }) => start),
      [0, ...parts.slice(0, -1).map(({ end }) => end)],
    );
    assert.equal(parts.at(-1)?.end, whole.length);
    const [, , letter] = parts;
    assert.deepEqual([letter?.report.isLaboratory, letter?.report.identity?.birthDate], [false, null]);
    assert.deepEqual(
      letter?.report.findings.map(({ code }) => code),
      ['BIRTH_DATE_ODD'],
    );
  });

  it('that was cut, or lacks lines, gives what it has and says so', () => {
    const cut = read(benoitText.slice(0, benoitText.indexOf('RES|HbA1c') + 17));
    assert.deepEqual(cut.findings, [{ code: 'CUT', count: 1 }]);
    // Half a figure is no figure: `7` of `7.4` is not taken for one.
    assert.equal(cut.results.at(-1)?.label, 'Créatinine');
    const short = ['0000116214', 'BENOIT', '****LAB****', 'RES|Glycémie|gly|N|0,91|g/l|0,74|1,06|N|F', '****FIN****'];
    const report = read(short.join('\n'));
    assert.deepEqual(
      report.findings.map(({ code }) => code),
      ['HEADER_SHORT'],
    );
    assert.deepEqual([report.identity?.family, report.results[0]?.value?.number], ['BENOIT', '0.91']);
    assert.deepEqual(codes(benoitText.replace('BENOIT\nSUZANNE', '.\n.')), ['IDENTITY_MISSING']);
    assert.deepEqual(codes(benoitText.replace('2580569264001', 'A580569')), ['NIR_ODD']);
    assert.deepEqual(codes(benoitText.replace('Limpide', 'Limp\u0000ide')), ['CONTROL_CHARACTERS']);
  });

  it('keeps a figure as it was written, and words that are no figure as words', () => {
    assert.deepEqual(readNumber('007,40'), { number: '7.40', comparator: null });
    assert.deepEqual(readNumber('4 450 000'), { number: '4450000', comparator: null });
    assert.deepEqual(readNumber('≤0.5'), { number: '0.5', comparator: '<=' });
    for (const text of ['', '-', '1.2.3', '1e9', 'Négatif', '12 34', '>'.repeat(9)])
      assert.equal(readNumber(text), null, text);
    const odd: string[] = [];
    const result = readResult('RES|VIH|vih|N|Négatif|||1,0|N|F|', (code) => odd.push(code));
    assert.deepEqual([result?.value?.number, result?.value?.text, odd], [null, 'Négatif', ['RESULT_ODD']]);
  });

  it('is told from anything else', () => {
    for (const text of ['', 'Bonjour,\nun courrier', '{"resourceType":"Bundle"}', '<html>****FIN****</html>'])
      assert.equal(parseHprim(bytes(text)), null, text);
  });

  it('of a hundred thousand results or one endless line is read as far as a limit', () => {
    const many = benoitText.replace('RES||vide|A', 'RES|K|k|N|4.1|mmol/l|3.5|5.0|N|F\n'.repeat(100_000));
    const report = read(many);
    assert.equal(report.results.length, 2_000);
    assert.ok(report.findings.some(({ code }) => code === 'RESULTS_MANY'));
    const long = read(benoitText.replace('BENOIT', 'B'.repeat(3_000_000)));
    assert.equal(long.identity?.family.length, 2_000);
  });

  it('says where a part holds more reports than the one that was read', () => {
    const one = benoitText.replace('****FINFICHIER****', '').trimEnd();
    const many = parseHprim(bytes(`${one}\n`.repeat(503))) ?? assert.fail();
    assert.equal(many.length, 501);
    const told = many.map(({ report }) => report.findings.map(({ code }) => code).join());
    assert.deepEqual([told.indexOf('REPORTS_MANY'), told[0]], [500, '']);
    const wide = parseHprim(new Uint8Array(Buffer.from(`\ufeff${`${one}\n`.repeat(2)}`, 'utf16le'))) ?? [];
    assert.deepEqual(
      wide.map(({ report }) => report.findings.map(({ code }) => code)),
      [['ENCODING_GUESSED', 'REPORTS_MANY']],
    );
  });

  it('never throws, whatever the bytes, and every byte is in one part', () => {
    const line = fc.constantFrom(
      '****LAB****',
      '****FIN****',
      'RES|',
      'TEX',
      '\r\n',
      '\n',
      '|',
      '12/11/2026',
      '\u0000',
      'é',
      '\u202e',
    );
    const soup = fc
      .array(fc.oneof(line, fc.string({ unit: 'binary' })), { maxLength: 60 })
      .map((parts) => bytes(parts.join('')));
    const cut = fc.tuple(fc.nat(benoit.length), fc.uint8Array({ maxLength: 40 })).map(([at, more]) => {
      const mixed = new Uint8Array(at + more.length + benoit.length - at);
      mixed.set(benoit.subarray(0, at));
      mixed.set(more, at);
      mixed.set(benoit.subarray(at), at + more.length);
      return mixed;
    });
    fc.assert(
      fc.property(fc.oneof(soup, cut, fc.uint8Array({ maxLength: 400 })), (given) => {
        let next = 0;
        for (const { start, end } of readReceivedFile(given)) {
          assert.equal(start, next);
          next = end;
        }
        assert.equal(next, given.length);
      }),
      { numRuns: 600 },
    );
  });
});

describe('the unit of a result', () => {
  it('is UCUM’s where it is known for sure, and nothing where it is not', () => {
    const units = ['µmol/l', 'g/dl', 'G/L', '/mm3', 'ml/min/1,73 m²', 'UI/l', 'constructor', ''];
    assert.deepEqual(units.map(ucumOf), ['umol/L', 'g/dL', '10*9/L', '/mm3', 'mL/min/{1.73_m2}', null, null, null]);
  });
});
