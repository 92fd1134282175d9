import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { utf8ToBytes } from '@serment/core/bytes';
import { parseCim10Table } from '../../src/cim10/table.ts';

const read = (text: string) => parseCim10Table(utf8ToBytes(text));

describe('a table of CIM-10', () => {
  it('is code and label, with a head or without, whatever separates them', () => {
    const expected = [
      { code: 'E11.9', label: 'Diabète sucré de type 2, sans complication' },
      { code: 'J45', label: 'Asthme' },
    ];
    const [one, other] = ['Diabète sucré de type 2, sans complication', 'Asthme'];
    assert.deepEqual(read(`E119\t${one}\nJ45\t${other}\n`), expected);
    assert.deepEqual(read(`\u{feff}Code;Libellé\r\nE11.9;${one}\r\nJ45;${other}\r\n\r\n`), expected);
    assert.deepEqual(read(`rang,Libelle,Code\n1,"${one}",e11.9\n2,${other},J45`), expected);
    assert.deepEqual(read('A00|Choléra "dit" asiatique'), [{ code: 'A00', label: 'Choléra "dit" asiatique' }]);
    assert.deepEqual(read('A00;"Choléra ""dit"" asiatique"')[0]?.label, 'Choléra "dit" asiatique');
  });

  it('is read from Windows-1252 with its accents', () => {
    const bytes = Uint8Array.from('Code;Libellé\r\nI10;Hypertension artérielle', (letter) => letter.charCodeAt(0));
    assert.deepEqual(parseCim10Table(bytes), [{ code: 'I10', label: 'Hypertension artérielle' }]);
  });

  it('is refused whole with its reason and its line', () => {
    const refused: readonly (readonly [string, string, number | null])[] = [
      ['', 'empty', null],
      ['Code;Libellé', 'empty', null],
      ['un texte', 'columns', 1],
      ['I10;Hypertension\nI10;Encore', 'twice', 2],
      ['I10;Hypertension\nHTA;Encore', 'code', 2],
      ['I10;Hypertension\nI11;', 'label', 2],
      ['I10    |0|3|0|Hypertension|Hypertension essentielle', 'label', 1],
      ['I10;"Hypertension', 'columns', 1],
      ['I10;Hyper\u0000tension', 'control', 1],
    ];
    for (const [text, reason, line] of refused)
      assert.throws(() => read(text), { code: 'TABLE_INVALID', fields: { reason, line } }, text);
    assert.throws(() => read('%PDF-1.7'), { code: 'TEXT_FOREIGN' });
  });
});
