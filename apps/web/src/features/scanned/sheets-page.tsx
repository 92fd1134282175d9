import { Button } from '@mantine/core';
import { type DocumentTypeName, isDocumentType } from '@serment/records/fhir/document-types';
import type { PatientRow } from '@serment/replica/directory';
import type { SheetPrinted } from '@serment/replica/separator-sheets';
import { useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { PatientChoice } from '../deposits/patient-choice.tsx';
import { TypeField } from '../documents/type-field.tsx';
import { useBirthText, useNameOrNone } from '../patients/person.tsx';
import { SheetPapers } from './sheet-paper.tsx';
import '../deposits/deposits.css';
import '../documents/documents.css';
import './scanned.css';

interface Wanted {
  readonly key: string;
  readonly of: SheetPrinted['of'];
  readonly row: PatientRow | null;
  readonly type: DocumentTypeName | null;
}

/** Sheets to lay between the papers of several patients before they are scanned in one go. */
export function SheetsPage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const { patient, jour } = useSearch({ strict: false });
  const [wanted, setWanted] = useState<readonly Wanted[]>([]);
  const [isPrinting, setPrinting] = useState(false);
  useTitle(t('scanned.sheets.title'));
  const add = (of: SheetPrinted['of'], row: PatientRow | null) =>
    setWanted((known) => [...known, { key: crypto.randomUUID(), of, row, type: null }]);
  // Whom the address names, or who comes today, once.
  const { error: firstError } = useAsked(`sheets of ${patient} ${jour}`, async () => {
    const rows =
      patient !== undefined
        ? await engine.desks.scanned.rows([`Patient/${patient}`])
        : jour === true
          ? ((await engine.desks.today.day())?.appointments ?? []).flatMap(({ row }) => row ?? [])
          : [];
    const once = new Map(rows.map((row) => [row.id, row]));
    setWanted([...once.values()].map((row) => ({ key: row.id, of: { patient: row.id }, row, type: null })));
    return once.size;
  });
  const asked = wanted.map(({ of, type }): SheetPrinted => ({ of, type }));
  const { value: printed, error } = useAsked(`sheets ${JSON.stringify(asked)}`, () =>
    engine.desks.scanned.print(asked),
  );
  const isReady = printed !== null && printed.length === wanted.length && wanted.length > 0;
  useEffect(() => {
    if (!isPrinting) return;
    setPrinting(false);
    print();
  }, [isPrinting]);
  return (
    <div className="page scanned-sheets">
      <h1>{t('scanned.sheets.title')}</h1>
      <p className="muted scanned-about scanned-lead">{t('scanned.sheets.lead')}</p>
      <Failure error={firstError ?? error} />
      <ul className="scanned-wanted" aria-label={t('scanned.sheets.wanted')}>
        {wanted.map((one) => (
          <WantedSheet
            key={one.key}
            wanted={one}
            onType={(type) =>
              setWanted((known) => known.map((other) => (other.key === one.key ? { ...other, type } : other)))
            }
            onRemove={() => setWanted((known) => known.filter(({ key }) => key !== one.key))}
          />
        ))}
      </ul>
      {wanted.length === 0 ? <p>{t('scanned.sheets.none')}</p> : null}
      <p className="scanned-acts">
        <Button disabled={!isReady} onClick={() => setPrinting(true)}>
          {t('scanned.sheets.print', { count: wanted.length })}
        </Button>
      </p>
      <section className="scanned-more">
        <PatientChoice label={t('scanned.sheets.patient')} onChoose={(row) => add({ patient: row.id }, row)} />
        <h2>{t('scanned.sheets.neutral')}</h2>
        <p className="scanned-acts">
          <Button variant="default" onClick={() => add('same', null)}>
            {t('scanned.sheets.same')}
          </Button>
          <Button variant="default" onClick={() => add('ask', null)}>
            {t('scanned.sheets.ask')}
          </Button>
        </p>
        <p className="muted scanned-about">{t('scanned.sheets.neutralHint')}</p>
      </section>
      {isReady ? (
        <SheetPapers
          sheets={printed.map(({ code, row }, place) => ({
            code,
            row,
            of: wanted[place]?.of ?? 'ask',
            type: wanted[place]?.type ?? null,
          }))}
        />
      ) : null}
    </div>
  );
}

interface WantedSheetProps {
  readonly wanted: Wanted;
  readonly onType: (type: DocumentTypeName | null) => void;
  readonly onRemove: () => void;
}

function WantedSheet({ wanted: { of, row, type }, onType, onRemove }: WantedSheetProps) {
  const { t } = useTranslation();
  const nameOf = useNameOrNone();
  const birthOf = useBirthText();
  const name = row !== null ? nameOf(row) : t(of === 'same' ? 'scanned.sheets.same' : 'scanned.sheets.ask');
  return (
    <li>
      <span className="scanned-wanted-who">
        <b className={row === null ? '' : 'name'}>{name}</b>{' '}
        {row === null ? null : <span className="muted">{birthOf(row)}</span>}
      </span>
      <TypeField
        hiddenLabel={t('scanned.sheets.typeOf', { name })}
        none={t('scanned.sheets.anyType')}
        value={type ?? ''}
        onChange={({ currentTarget: { value } }) => onType(isDocumentType(value) ? value : null)}
      />
      <button
        type="button"
        className="text-button"
        aria-label={t('scanned.sheets.remove', { name })}
        onClick={onRemove}
      >
        {t('documents.removeShort')}
      </button>
    </li>
  );
}
