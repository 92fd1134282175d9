import { TextInput } from '@mantine/core';
import { isDocumentType } from '@serment/records/fhir/document-types';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import {
  type BatchPart,
  changedPart,
  cutAt,
  firstToPrevious,
  joined,
  keptPlaces,
  lastToNext,
  partBefore,
  placesOf,
  withOut,
} from '../../file-view/scanned-batch.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Failure } from '../../ui/failure.tsx';
import { Triangle } from '../../ui/marks.tsx';
import { PatientChoice } from '../deposits/patient-choice.tsx';
import { dayTyped } from '../documents/document-form.ts';
import { TypeField } from '../documents/type-field.tsx';
import { useBirthText, useNameOrNone } from '../patients/person.tsx';
import { PageTile, type TileAct } from './page-tile.tsx';
import { usePartTitle } from './part-title.ts';
import type { BatchWork } from './use-batch.ts';

interface BatchPartProps {
  readonly work: BatchWork;
  readonly part: BatchPart;
  readonly number: number;
  /** Why it was not filed; null otherwise. */
  readonly error: unknown;
  readonly isBusy: boolean;
  readonly onOpen: (place: number) => void;
}

/** One document to be: whose it is, what it is, and its pages; a person corrects all three. */
export function BatchPartView({ work, part, number, error, isBusy, onOpen }: BatchPartProps) {
  const { t } = useTranslation();
  const { batch, change } = work;
  if (batch === null) return null;
  const kept = keptPlaces(batch, part);
  const before = partBefore(batch, part);
  const isFixed = part.isFiled || isBusy;
  return (
    <section className="scanned-part" data-filed={part.isFiled} aria-label={t('scanned.document', { number })}>
      <div className="scanned-part-head">
        <span className="muted small">
          {t('scanned.document', { number })} · {t('scanned.pages', { count: kept.length })}
        </span>
        {before === null || before.isFiled || isFixed ? null : (
          <button type="button" className="text-button small" onClick={() => change((known) => joined(known, part))}>
            {t('scanned.join')}
          </button>
        )}
      </div>
      <Whose work={work} part={part} isFixed={isFixed} />
      {part.isFiled ? null : <Details work={work} part={part} isFixed={isFixed} />}
      <Failure error={error} />
      <ol className="scanned-pages">
        {placesOf(batch, part).map((place) => {
          const page = batch.pages[place];
          if (page === undefined) return null;
          const acts = isFixed ? [] : actsOf(place);
          return <PageTile key={place} {...{ batch: batch.id, page, place, acts }} onOpen={() => onOpen(place)} />;
        })}
      </ol>
    </section>
  );

  function actsOf(place: number): TileAct[] {
    if (batch === null) return [];
    const act = (name: 'back' | 'next' | 'cut' | 'leave' | 'putBack', made: Parameters<typeof change>[0]): TileAct => ({
      label: t(`scanned.act.${name}`),
      name: t('scanned.actOn', { act: t(`scanned.act.${name}`), number: place + 1 }),
      run: () => change(made),
    });
    if (batch.pages[place]?.isOut) return [act('putBack', (known) => withOut(known, place, false))];
    const isFirst = place === kept[0];
    const isLast = place === kept.at(-1);
    const after = batch.parts[batch.parts.indexOf(part) + 1];
    return [
      ...(isFirst && before !== null && !before.isFiled ? [act('back', (known) => firstToPrevious(known, part))] : []),
      ...(isFirst ? [] : [act('cut', (known) => cutAt(known, place, crypto.randomUUID()))]),
      ...(isLast && !isFirst && after !== undefined && !after.isFiled
        ? [act('next', (known) => lastToNext(known, part))]
        : []),
      act('leave', (known) => withOut(known, place, true)),
    ];
  }
}

interface PartProps {
  readonly work: BatchWork;
  readonly part: BatchPart;
  readonly isFixed: boolean;
}

function Whose({ work, part, isFixed }: PartProps) {
  const { t } = useTranslation();
  const nameOf = useNameOrNone();
  const birthOf = useBirthText();
  const [isChoosing, setChoosing] = useState(false);
  const row = part.patient === null ? null : (work.rows.get(part.patient) ?? null);
  const isAsked = row === null && !isFixed;
  return (
    <div className="scanned-whose">
      {row === null ? (
        <p className="amber">
          <Triangle /> <b>{t('scanned.noPatient')}</b> {t(`scanned.why.${part.by}`)}
        </p>
      ) : (
        <p>
          <b className="name">{nameOf(row)}</b> <span className="muted">{birthOf(row)}</span>{' '}
          {part.isFiled ? (
            <Link to="/patients/$id" params={{ id: row.id.slice('Patient/'.length) }}>
              {t('scanned.openFile')}
            </Link>
          ) : (
            <button
              type="button"
              className="text-button"
              disabled={isFixed}
              onClick={() => setChoosing(!isChoosing)}
              aria-expanded={isChoosing}
            >
              {t('scanned.otherPatient')}
            </button>
          )}
        </p>
      )}
      {isAsked || (isChoosing && !isFixed) ? (
        <PatientChoice
          label={t('scanned.whose')}
          onChoose={(chosen) => {
            work.addRow(chosen);
            work.change((known) => changedPart(known, part.id, { patient: chosen.id, isBegun: false }));
            setChoosing(false);
          }}
        />
      ) : null}
    </div>
  );
}

function Details({ work, part, isFixed }: PartProps) {
  const { t } = useTranslation();
  const titleOf = usePartTitle(work.batch?.at ?? 0);
  const set = (change: Partial<BatchPart>) => work.change((known) => changedPart(known, part.id, change));
  return (
    <div className="document-fields scanned-fields">
      <TypeField
        value={part.type}
        disabled={isFixed}
        onChange={({ currentTarget: { value } }) => set({ type: isDocumentType(value) ? value : '' })}
      />
      <TextInput
        label={t('documents.titleLabel')}
        placeholder={titleOf(part)}
        maxLength={200}
        autoComplete="off"
        value={part.title}
        disabled={isFixed}
        onChange={(event) => set({ title: event.currentTarget.value })}
      />
      <TextInput
        label={t('documents.dayLabel')}
        placeholder={t('documents.dayHint')}
        inputMode="numeric"
        autoComplete="off"
        value={part.day}
        disabled={isFixed}
        error={dayTyped(part.day) === null && part.day.length >= 10 ? t('documents.dayWrong') : null}
        onChange={(event) => set({ day: event.currentTarget.value })}
      />
    </div>
  );
}
