import { Button } from '@mantine/core';
import type { PatientRow } from '@serment/replica/directory';
import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { codeOf } from '../../worker/carried-error.ts';
import type { SealedEntry } from '../../worker/vault-desk.ts';
import { useBirthText, useNameOrNone } from '../patients/person.tsx';
import { PatientChoice } from './patient-choice.tsx';
import './vault.css';

/** A file's real sealed bytes, as the host holds them, beside what the practice sees. */
export function HostPage() {
  const { t } = useTranslation();
  const search: { patient?: string } = useSearch({ strict: false });
  const patient = search.patient ?? null;
  useTitle(t('host.title'));
  return (
    <div className="host-page">
      <BackLink to="/coffre">{t('host.back')}</BackLink>
      <h1>{t('host.title')}</h1>
      <p className="muted">{t('host.lead')}</p>
      <PatientChoice chosen={patient}>
        {(row, words, onChosen) => (
          <Link to="/coffre/hebergeur" search={{ patient: row.id }} onClick={onChosen}>
            {words}
          </Link>
        )}
      </PatientChoice>
      {patient === null ? null : <Sealed key={patient} patient={patient} />}
    </div>
  );
}

function Sealed({ patient }: { readonly patient: string }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const language = useLanguage();
  const {
    value: entries,
    error,
    again,
  } = useAsked(`sealed ${patient} ${language}`, () => engine.desks.vault.sealedView(patient, language));
  const { value: row } = useAsked(`row ${patient}`, () => engine.patient(patient));
  if (error !== null && codeOf(error) === 'COMPARTMENT_CLOSED')
    return <p className="muted host-entries">{t('host.closed')}</p>;
  if (error !== null)
    return (
      <div className="host-entries">
        <Failure
          error={error}
          action={
            <Button variant="default" onClick={again}>
              {t('app.retry')}
            </Button>
          }
        />
      </div>
    );
  if (entries === null)
    return (
      <p className="muted host-entries" role="status">
        {t('host.loading')}
      </p>
    );
  return (
    <div className="host-entries">
      <div className="host-row host-heads">
        <h2>{t('host.hostSide')}</h2>
        <div>
          <h2>{t('host.yourSide')}</h2>
          {row === null ? null : <YourSide row={row} count={entries.length} />}
        </div>
      </div>
      {entries.length === 0 ? <p className="muted">{t('host.empty')}</p> : null}
      {entries.map((entry) => (
        <SealedRow key={entry.index} entry={entry} />
      ))}
    </div>
  );
}

function YourSide({ row, count }: { readonly row: PatientRow; readonly count: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useNameOrNone();
  const birth = useBirthText();
  return (
    <p className="row-text muted">
      <Link to="/patients/$id" params={{ id: row.id.slice('Patient/'.length) }}>
        <b>{name(row)}</b>
      </Link>
      , {[birth(row), format.age(row.birthDate), t('host.entriesTotal', { count })].filter(Boolean).join(', ')}
    </p>
  );
}

function SealedRow({ entry }: { readonly entry: SealedEntry }) {
  const { t } = useTranslation();
  const format = useFormat();
  const hidden = entry.payloadBytes - entry.payloadHex.length / 2;
  return (
    <div className="host-row">
      <section className="sealed-entry">
        <div className="sealed-facts">
          <b>{t('host.entry', { index: format.number(entry.index) })}</b>
          <Fact name={t('host.received')}>{format.moment(entry.receivedAt)}</Fact>
          <Fact name={t('host.size')}>{format.size(entry.payloadBytes)}</Fact>
          <Fact name={t('host.pseudonym')}>
            <code>{entry.stream.slice(0, 12)}</code>
          </Fact>
          <Fact name={t('host.author')}>
            <code>{entry.author.slice(0, 12)}</code>
          </Fact>
        </div>
        <Hex title={t('host.header')} hex={entry.headerHex} hidden={0} />
        <Hex title={t('host.payload')} hex={entry.payloadHex} hidden={hidden} />
      </section>
      <ul className="told">
        {entry.tells.length === 0 ? <li className="faint">{t('host.replaced')}</li> : null}
        {entry.tells.map((told, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two records may say the same.
          <li key={place}>{told}</li>
        ))}
        {entry.more === 0 ? null : <li className="muted">{t('host.more', { count: entry.more })}</li>}
      </ul>
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <span>
      <span className="muted">{name}</span> {children}
    </span>
  );
}

function Hex({ title, hex, hidden }: { readonly title: string; readonly hex: string; readonly hidden: number }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long run of bytes is scrolled by keyboard.
    // biome-ignore lint/a11y/useSemanticElements: a region that scrolls, not a form's.
    <div className="hex" tabIndex={0} role="group" aria-label={`${title}, ${t('host.bytesLabel')}`}>
      <b>{title}</b>
      {'\n'}
      {hex === '' ? t('host.noPayload') : (hex.match(/.{1,8}/g) ?? []).join(' ')}
      {hidden > 0 ? ` ${t('host.cut', { count: hidden })}` : ''}
    </div>
  );
}
