import { hexToBytes } from '@serment/core/bytes';
import { isSheetOf, kindOfSheet, parseSheet, sheetKey, sheetQr } from '@serment/core/keys/sheet';
import { type Finding, Scenarios } from './scenario.ts';

interface PrintedSheet {
  readonly name: string;
  readonly epochKey: string;
  readonly subject: string;
  readonly kind: string;
  readonly qr: string;
}
interface ReadSheet {
  readonly name: string;
  readonly epochKey: string;
  readonly subject: string;
  readonly text: string;
  readonly is: 'sheet' | 'none' | 'other-practice' | 'unknown';
  readonly kind?: string;
}

export interface SheetVectors {
  readonly printed: readonly PrintedSheet[];
  readonly read: readonly ReadSheet[];
  readonly refused: readonly { readonly name: string; readonly text: string; readonly error: string }[];
}

/** The kinds that docs/format/keys.md lists. */
const kinds =
  'letter consultation discharge operation biology imaging ecg prescription certificate administrative photo other'.split(
    ' ',
  );

/** Runs vectors/sheet.json; nothing found is what it should give. */
export async function runSheetVectors(vectors: SheetVectors): Promise<Finding[]> {
  const scenarios = new Scenarios();
  for (const { name, epochKey, subject, kind, qr } of vectors.printed) {
    const key = sheetKey(hexToBytes(epochKey));
    await scenarios.gives(name, qr, () => sheetQr(key, { subject, kind }));
    await scenarios.gives(`${name}, read`, ['sheet', kind], () => readAs({ epochKey, subject, text: qr }));
  }
  for (const { name, is, kind = null, ...sheet } of vectors.read)
    await scenarios.gives(name, [is, kind], () => readAs(sheet));
  for (const { name, text, error } of vectors.refused) await scenarios.refuses(name, error, () => parseSheet(text));
  return scenarios.findings;
}

function readAs({ epochKey, subject, text }: Pick<ReadSheet, 'epochKey' | 'subject' | 'text'>) {
  const key = sheetKey(hexToBytes(epochKey));
  const reference = parseSheet(text);
  if (reference === null) return ['none', null];
  if (!isSheetOf(reference, key)) return ['other-practice', null];
  const kind = kindOfSheet(reference, { key, subject, kinds });
  return [kind === null ? 'unknown' : 'sheet', kind];
}
