import type { DocumentTypeName } from '@serment/records/fhir/document-types';
import type { PatientRow } from '@serment/replica/directory';
import type { SheetPrinted } from '@serment/replica/separator-sheets';
import { createPortal } from 'react-dom';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Qr } from '../kit/kit-groups.tsx';
import { safeName, useBirthText } from '../patients/person.tsx';
import '../kit/kit-paper.css';
import './sheet-paper.css';

interface PaperSheet {
  readonly code: string;
  readonly of: SheetPrinted['of'];
  readonly row: PatientRow | null;
  readonly type: DocumentTypeName | null;
}

/** What the printer gets: hidden on the screen, and one page of A4 for each sheet. */
export function SheetPapers({ sheets }: { readonly sheets: readonly PaperSheet[] }) {
  return createPortal(
    <main className="paper sheet-papers">
      {sheets.map((sheet, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a sheet is its place in the pile.
        <Paper key={place} sheet={sheet} />
      ))}
    </main>,
    document.body,
  );
}

function Paper({ sheet: { code, of, row, type } }: { readonly sheet: PaperSheet }) {
  const { t } = useTranslation();
  const format = useFormat();
  const birthOf = useBirthText();
  const kind = type === null ? '' : t(`documents.type.${type}`);
  return (
    <section className="sheet-paper">
      <div className="paper-head">
        <span className="brand">Serment</span>
        <span>
          {t('scanned.paper.title')} · {format.day(Date.now())}
        </span>
      </div>
      {row === null ? (
        <>
          <h1>{t(of === 'same' ? 'scanned.paper.same' : 'scanned.paper.ask')}</h1>
          <p className="sheet-paper-born">
            {t(of === 'same' ? 'scanned.paper.sameDetail' : 'scanned.paper.askDetail')}
          </p>
        </>
      ) : (
        <>
          <h1 data-long={row.family.length + row.given.length > longName}>
            <span>{safeName(row.family.toLocaleUpperCase('fr')) || t('patients.unnamed')}</span>
            <span className="sheet-paper-given">{safeName(row.given)}</span>
          </h1>
          <p className="sheet-paper-born">
            {birthOf(row)}
            {row.birthFamily === null ? '' : `, ${t('scanned.paper.birthName', { name: safeName(row.birthFamily) })}`}
          </p>
        </>
      )}
      <p className="sheet-paper-kind">{kind}</p>
      <Qr text={code} size={264} level="high" />
      <p className="small">{t('scanned.paper.how')}</p>
    </section>
  );
}

/** A longer name takes smaller letters: the code stays on its page. */
const longName = 22;
