import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writePdf } from '../../src/demo/pdf.ts';
import { blobSource } from '../../src/document-check/byte-source.ts';
import { type CheckedDocument, checkDocument } from '../../src/document-check/check-document.ts';
import { decodePlainText } from '../../src/document-check/plain-text.ts';
import * as make from './samples.ts';

const check = (bytes: Uint8Array<ArrayBuffer>, name = '', mediaType = ''): Promise<CheckedDocument> =>
  checkDocument(blobSource(new Blob([bytes])), { name, mediaType });

const { bytesOf, docx, jpegWith, joined, objectStream, odt, pdfWith, png, streamObject, zip } = make;
const letter = writePdf({ title: 'Courrier', from: 'Dr Vasseur', paragraphs: ['Cher confrère,', 'Bien à vous.'] });
const script = '<< /S /JavaScript /JS (app.alert\\(1\\)) >>';

const accepted: Readonly<Record<string, readonly [Uint8Array<ArrayBuffer>, string]>> = {
  'a letter of ours': [letter, 'pdf'],
  'a page with strings and comments': [pdfWith(['<< /Title (a \\( b) >> % a comment']), 'pdf'],
  'objects in object streams': [pdfWith([objectStream('<< /Type /Font >>')]), 'pdf'],
  'one that opens at a page': [pdfWith([], { catalog: '/OpenAction [3 0 R /FitH null]' }), 'pdf'],
  'one with an update': [
    joined(letter, '9 0 obj\n<< /A 1 >>\nendobj\nxref\n0 0\ntrailer\n<<>>\nstartxref\n9\n%%EOF\r\n'),
    'pdf',
  ],
  'a JPEG': [jpegWith(), 'jpeg'],
  'a JPEG with a second picture behind it': [joined(jpegWith(), jpegWith()), 'jpeg'],
  'a PNG': [png, 'png'],
  'a WebP': [make.webp, 'webp'],
  'a HEIC': [make.heic, 'heic'],
  'a text': [bytesOf('Hémoglobine 13,5\r\n'), 'text'],
  'a rich text': [bytesOf('{\\rtf1\\ansi Bonjour}\n'), 'rtf'],
  'a DOCX': [docx(), 'docx'],
  'an ODT': [odt(), 'odt'],
};

describe('a document that is let in', () => {
  for (const [what, [bytes, kind]] of Object.entries(accepted))
    it(`is ${what}`, async () => {
      assert.deepEqual(await check(bytes), { verdict: 'accepted', kind });
    });

  it('may be called by any picture’s name', async () => {
    assert.deepEqual(await check(png, 'photo.jpg', 'image/jpeg'), { verdict: 'accepted', kind: 'png' });
  });
});

const active: Readonly<Record<string, readonly [Uint8Array<ArrayBuffer>, readonly string[]]>> = {
  'runs a script when it opens': [pdfWith([script], { catalog: '/OpenAction 10 0 R' }), ['script']],
  'spells its script in hexadecimal': [pdfWith(['<< /S /J#61vaScript /J#53 (x) >>']), ['script']],
  'hides it in an object stream': [pdfWith([objectStream(script)]), ['script']],
  'spells it in hexadecimal in an object stream': [pdfWith([objectStream('<< /S /#4aavaScript >>')]), ['script']],
  'hides it in an object stream that does not say it is one': [pdfWith([objectStream(script, '')]), ['script']],
  'spells the object stream in hexadecimal': [pdfWith([objectStream(script, '/Type /Obj#53tm')]), ['script']],
  'has it in an object stream without a filter': [
    pdfWith([streamObject('/Type /ObjStm /N 1 /First 5', bytesOf(`20 0 ${script}`))]),
    ['script'],
  ],
  'has it in an update': [joined(letter, `9 0 obj\n${script}\nendobj\nstartxref\n9\n%%EOF\n`), ['script']],
  'has it in an older version': [
    joined(pdfWith([script]), '10 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n'),
    ['script'],
  ],
  'has it behind a comment': [pdfWith(['<< /S % >>\n/JavaScript >>']), ['script']],
  'has it in a string that another reader ends earlier': [pdfWith(['( a ( /JavaScript ) )']), ['script']],
  'acts on a page’s event': [pdfWith(['<< /AA << /O << /S /JavaScript >> >> >>']), ['script']],
  'sends a form': [pdfWith(['<< /S /SubmitForm /F (http://x) >>']), ['form-sending']],
  'has an XFA form': [pdfWith(['<< /XFA 11 0 R >>']), ['form-program']],
  'leads to an address': [pdfWith(['<< /S /URI /URI (http://x) >>']), ['link']],
  'opens another file': [pdfWith(['<< /S /GoToR /F (x) >>']), ['other-file']],
};

describe('a PDF that does more than show its pages', () => {
  for (const [what, [bytes, parts]] of Object.entries(active))
    it(`is found out where it ${what}`, async () => {
      assert.deepEqual(await check(bytes, 'a.pdf', 'application/pdf'), {
        verdict: 'active',
        kind: 'pdf',
        active: parts,
      });
    });
});

const hiddenScript = `5 0 obj ${script} endobj`;
const exe = joined('MZ\x90\0\x03\0\0\0', new Uint8Array(120), 'This program cannot be run in DOS mode.');
const archive = zip({ 'a.class': 'x' });

const refused: Readonly<Record<string, readonly [Uint8Array<ArrayBuffer>, string, string?, string?]>> = {
  'an empty file': [bytesOf(''), 'EMPTY'],
  'a Windows program': [exe, 'EXECUTABLE'],
  'a Windows program that is called a PDF': [exe, 'EXECUTABLE', 'a.pdf', 'application/pdf'],
  'an ELF program': [bytesOf('\x7fELF\x02\x01\x01\0\0\0'), 'EXECUTABLE'],
  'a Mach-O program': [bytesOf('\xcf\xfa\xed\xfe\x07\0\0\x01'), 'EXECUTABLE'],
  'a Java class': [bytesOf('\xca\xfe\xba\xbe\0\0\0\x34'), 'EXECUTABLE'],
  'a shell script': [bytesOf('#!/bin/sh\nrm -rf ~\n'), 'SCRIPT'],
  'a script by its name': [bytesOf('WScript.Echo 1'), 'NAME', 'a.vbs'],
  'a document with a second ending': [letter, 'NAME', 'courrier.pdf.exe', 'application/pdf'],
  'an ending behind a space': [letter, 'NAME', 'courrier.hta .', ''],
  'a shortcut': [bytesOf('L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0'), 'SHORTCUT'],
  'a ZIP': [zip({ 'a.txt': 'x' }), 'ARCHIVE'],
  'a RAR': [bytesOf('Rar!\x1a\x07\x01\0'), 'ARCHIVE'],
  'a 7-Zip': [bytesOf('7z\xbc\xaf\x27\x1c\0\x04'), 'ARCHIVE'],
  'a gzip': [bytesOf('\x1f\x8b\x08\0\0\0\0\0'), 'ARCHIVE'],
  'an HTML page': [bytesOf('<!DOCTYPE html><script>1</script>'), 'MARKUP'],
  'an HTML page behind spaces': [bytesOf('\xef\xbb\xbf \r\n <html>'), 'MARKUP'],
  'an SVG picture': [bytesOf('<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>'), 'MARKUP'],
  'an XML document': [bytesOf('<?xml version="1.0"?><a/>'), 'MARKUP'],
  'a text that a browser would run': [bytesOf('Bonjour\n<script>alert(1)</script>'), 'MARKUP'],
  'an old Word document': [bytesOf('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0'), 'OLE'],
  'a DOCM': [docx({ 'word/vbaProject.bin': 'x' }), 'MACROS'],
  'a DOCM by its type alone': [docx({}, 'application/vnd.ms-word.document.macroEnabled.main+xml'), 'MACROS'],
  'a DOCX with an object of another program': [docx({ 'word/embeddings/oleObject1.bin': 'x' }), 'MACROS'],
  'an ODT with macros': [odt({ 'Basic/Standard/Module1.xml': 'x' }), 'MACROS'],
  'a DOCX with bytes before its end': [joined(docx().subarray(0, -22), 'xx', docx().subarray(-22)), 'ARCHIVE'],
  'a rich text with an object': [bytesOf('{\\rtf1{\\object\\objemb{\\*\\objdata 0105}}}'), 'OBJECTS'],
  'a TIFF': [bytesOf('II*\0\x08\0\0\0'), 'TIFF'],
  'a GIF': [bytesOf('GIF89a\x01\0\x01\0\0\0\0;'), 'TYPE_UNKNOWN'],
  'bytes that are nothing': [bytesOf('\x01\x02\x03\x04'), 'TYPE_UNKNOWN'],
  'a PNG that is called a PDF': [png, 'TYPE_OTHER', 'a.pdf', ''],
  'a text that is said to be a PDF': [bytesOf('bonjour'), 'TYPE_OTHER', 'a', 'application/pdf'],
  'a PDF behind other bytes': [joined('\n\n', letter), 'POLYGLOT'],
  'a PDF behind a comment of a picture': [jpegWith('<?php x ?>'), 'POLYGLOT'],
  'a JPEG with an archive behind it': [joined(jpegWith(), archive), 'POLYGLOT'],
  'a JPEG with an archive behind a second picture': [joined(jpegWith(), jpegWith(), archive), 'POLYGLOT'],
  'a JPEG with a program behind it': [joined(jpegWith(), exe), 'POLYGLOT'],
  'a JPEG with a PDF behind it': [joined(jpegWith(), letter), 'POLYGLOT'],
  'a PNG with a JAR behind it': [joined(png, archive), 'POLYGLOT'],
  'a PNG with a RAR behind it': [joined(png, 'Rar!\x1a\x07\x01\0'), 'POLYGLOT'],
  'a WebP with a page behind it': [joined(make.webp, '<html><script>'), 'POLYGLOT'],
  'a text with an archive behind it': [joined('bonjour', archive), 'POLYGLOT'],
  'a PDF with an archive behind it': [joined(letter, archive), 'POLYGLOT'],
  'a PDF with an archive around its end': [joined(letter.subarray(0, -7), archive, '\n%%EOF\n'), 'POLYGLOT'],
  'a PDF with a program behind it': [joined(letter, exe), 'POLYGLOT'],
  'a cut PDF': [letter.subarray(0, letter.length - 200), 'TRUNCATED'],
  'a PDF of no version': [joined('%PDF-x', letter.subarray(6)), 'DAMAGED'],
  'a cut JPEG': [jpegWith().subarray(0, -4), 'TRUNCATED'],
  'a cut PNG': [png.subarray(0, -10), 'TRUNCATED'],
  'a cut HEIC': [make.heic.subarray(0, -2), 'TRUNCATED'],
  'a cut rich text': [bytesOf('{\\rtf1 Bonjour'), 'TRUNCATED'],
  'an encrypted PDF': [pdfWith(['<< /Filter /Standard >>'], { trailer: '/Encrypt 10 0 R' }), 'PDF_ENCRYPTED'],
  'a PDF that says it is encrypted in hexadecimal': [pdfWith([], { trailer: '/#45ncrypt 10 0 R' }), 'PDF_ENCRYPTED'],
  'an object inside a stream': [pdfWith([streamObject('', bytesOf(`x ${hiddenScript}`))]), 'PDF_HIDDEN'],
  'an object inside a string': [pdfWith([`( ${hiddenScript} )`]), 'PDF_HIDDEN'],
  'an object inside a comment': [pdfWith([`<< >> % ${hiddenScript}`]), 'PDF_HIDDEN'],
  'an object inside an array': [pdfWith([`[ ${hiddenScript} ]`]), 'PDF_HIDDEN'],
  'a stream that is none': [pdfWith([`(>>\nstream\n) ${script}`, '<< /S /Launch >>']), 'PDF_PROGRAM'],
  'a string without end': [joined('%PDF-1.7\n1 0 obj\n( a ', letter.subarray(9)), 'PDF_HIDDEN'],
  'an object stream packed twice': [
    pdfWith([streamObject('/Type /ObjStm /N 1 /First 5 /Filter [/ASCIIHexDecode /FlateDecode]', bytesOf('00'))]),
    'PDF_UNREADABLE',
  ],
  'an object stream whose filter is elsewhere': [
    pdfWith([streamObject('/Type /ObjStm /N 1 /First 5 /Filter 11 0 R', bytesOf('00'))]),
    'PDF_UNREADABLE',
  ],
  'an object stream with a predictor': [
    pdfWith([objectStream(script, '/Type /ObjStm /DecodeParms << /Predictor 12 >>')]),
    'PDF_UNREADABLE',
  ],
  'an object stream that is kept elsewhere': [
    pdfWith([objectStream('<<>>', '/Type /ObjStm /F (x)')]),
    'PDF_UNREADABLE',
  ],
  'an object stream that is damaged': [
    pdfWith([streamObject('/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode', bytesOf('not packed'))]),
    'PDF_UNREADABLE',
  ],
  'an object stream that unpacks for ever': [
    pdfWith([streamObject('/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode', make.bomb(140_000_000))]),
    'PDF_UNREADABLE',
  ],
  'a stream without end': [joined(letter.subarray(0, -6), '9 0 obj << >>\nstream\nx\n%%EOF\n'), 'PDF_UNREADABLE'],
  'a PDF that starts a program': [pdfWith(['<< /S /Launch /F (cmd.exe) >>']), 'PDF_PROGRAM'],
  'a PDF that spells Launch in hexadecimal': [pdfWith(['<< /S /L#61unch >>']), 'PDF_PROGRAM'],
  'a PDF that starts a program from an object stream': [pdfWith([objectStream('<< /S /Launch >>')]), 'PDF_PROGRAM'],
  'a PDF with rich media': [pdfWith(['<< /Subtype /RichMedia >>']), 'PDF_PROGRAM'],
  'a PDF with a file in it': [pdfWith(['<< /Type /Filespec /EF << /F 11 0 R >> >>']), 'PDF_ATTACHMENT'],
  'a PDF with files by name': [pdfWith([], { catalog: '/Names << /EmbeddedFiles 10 0 R >>' }), 'PDF_ATTACHMENT'],
};

describe('a document that is refused', () => {
  for (const [what, [bytes, reason, name = '', type = '']] of Object.entries(refused))
    it(`is ${what}`, async () => {
      assert.deepEqual(await check(bytes, name, type), { verdict: 'refused', reason });
    });

  it('is one of more than 200 MB, which is not read', async () => {
    const source = { size: 200 * 1024 * 1024 + 1, read: async () => assert.fail('It was read') };
    assert.deepEqual(await checkDocument(source, { name: '', mediaType: '' }), { verdict: 'refused', reason: 'LARGE' });
  });

  it('is found out wherever the parts that are read at a time meet', async () => {
    const padding = 'x'.repeat(1_048_576 - 200);
    for (let more = 0; more < 120; more += 7) {
      const file = pdfWith([streamObject('', bytesOf(padding + 'y'.repeat(more))), '<< /S /Launch >>']);
      assert.deepEqual(await check(file), { verdict: 'refused', reason: 'PDF_PROGRAM' }, `${more}`);
      const hidden = pdfWith([streamObject('', bytesOf(`${padding}${'y'.repeat(more)} ${hiddenScript}`))]);
      assert.deepEqual(await check(hidden), { verdict: 'refused', reason: 'PDF_HIDDEN' }, `${more}`);
    }
  });
});

describe('a text to show', () => {
  it('has its accents, whether it is in UTF-8, Windows-1252 or code page 850', () => {
    const words = 'Prélèvement à jeun';
    const dos: Readonly<Record<string, number>> = { é: 0x82, è: 0x8a, à: 0x85 };
    for (const [encoding, bytes] of [
      ['utf-8', new TextEncoder().encode(words)],
      ['windows-1252', Uint8Array.from(words, (letter) => letter.charCodeAt(0))],
      ['cp850', Uint8Array.from(words, (letter) => dos[letter] ?? letter.charCodeAt(0))],
    ] as const)
      assert.deepEqual(decodePlainText(bytes), { text: words, encoding });
    for (const bytes of [
      [0x41, 0],
      [0xff, 0xfe, 0x41, 0x42],
      [0xe9, 0x81],
      [0x41, 0x1b],
    ])
      assert.equal(decodePlainText(Uint8Array.from(bytes)), null);
  });
});

describe('any bytes', () => {
  const samples = [...Object.values(accepted), ...Object.values(active), ...Object.values(refused)]
    .map(([bytes]) => bytes)
    .filter((bytes) => bytes.length < 20_000);

  it('are answered about when they are cut anywhere', async () => {
    for (const bytes of samples)
      for (let cut = 0; cut < bytes.length; cut += 1 + Math.floor(bytes.length / 40))
        assert.ok((await check(bytes.subarray(0, cut))).verdict);
  });

  it('are answered about when bits of them are turned', async () => {
    const seed = Date.now() % 1_000_000;
    let state = seed;
    const next = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state % below;
    };
    for (const bytes of samples)
      for (let turn = 0; turn < 25; turn += 1) {
        const turned = bytes.slice();
        for (let flip = 0; flip <= next(6); flip += 1) {
          const at = next(Math.max(1, turned.length));
          turned[at] = (turned[at] ?? 0) ^ (1 << next(8));
        }
        assert.ok((await check(turned)).verdict, `seed ${seed}`);
      }
  });

  it('never make a script pass by being cut or turned elsewhere', async () => {
    const bytes = pdfWith([script]);
    const at = Buffer.from(bytes).indexOf('/JavaScript');
    for (let place = 9; place < bytes.length; place += 1) {
      if (place >= at && place < at + 30) continue;
      const turned = bytes.slice();
      turned[place] = 0x28;
      assert.notEqual((await check(turned)).verdict, 'accepted', `${place}`);
    }
  });
});
