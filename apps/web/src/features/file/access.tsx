import type { FileAccess, FileReader } from '@serment/replica/restrictions';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useStatus } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useNow } from '../../ui/now.ts';
import { useAttempt } from '../../ui/use-attempt.ts';
import { AccessSheet } from './access-sheet.tsx';
import './access.css';

/** Who may read the file, and who opened it with a reason. */
export function Access({ patient }: { readonly patient: string }) {
  const { t } = useTranslation();
  const engine = useEngine();
  // What others restrict or open stands in the journal.
  const size = useStatus()?.size ?? 0;
  const { value: fresh, error, again } = useAsked(`access ${patient} ${size}`, () => engine.desks.access.read(patient));
  const [value, setValue] = useState<FileAccess | null>(null);
  const [isChanging, setChanging] = useState(false);
  if (fresh !== null && fresh !== value) setValue(fresh);
  if (value === null) return <Failure error={error} />;
  const { isRestricted, mayChange } = value;
  return (
    <>
      <p className={isRestricted ? 'amber' : undefined}>
        {isRestricted
          ? t('file.access.only', { names: namesOf(value.readers, t('file.someone')) })
          : t('file.access.all')}
      </p>
      <Broken patient={patient} access={value} onClosed={again} />
      {mayChange ? (
        <button type="button" className="text-button" onClick={() => setChanging(true)}>
          {t(isRestricted ? 'file.access.change' : 'file.access.restrict')}
        </button>
      ) : null}
      {isChanging ? (
        <AccessSheet
          patient={patient}
          access={value}
          onClose={() => setChanging(false)}
          onDone={() => {
            setChanging(false);
            again();
          }}
        />
      ) : null}
    </>
  );
}

interface BrokenProps {
  readonly patient: string;
  readonly access: FileAccess;
  readonly onClosed: () => void;
}

function Broken({ patient, access: { broken, readers, mayChange }, onClosed }: BrokenProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const now = useNow(30_000);
  const { isBusy, error, run } = useAttempt();
  if (broken.length === 0) return null;
  const close = () =>
    run(async () => {
      await engine.desks.access.restrict(
        patient,
        readers.flatMap(({ member, isNamed }) => (isNamed ? [member] : [])),
      );
      onClosed();
    });
  return (
    <div className="access-broken">
      {broken.map(({ name, at, reason }) => (
        <p key={at}>
          {t('file.access.glass', { who: name ?? t('file.someone'), when: format.moment(at, now) })}
          {reason === null ? null : <em>{t('file.access.glassReason', { reason })}</em>}
        </p>
      ))}
      <Failure error={error} />
      {mayChange ? (
        <button type="button" className="text-button" disabled={isBusy} onClick={() => void close()}>
          {t('file.access.close')}
        </button>
      ) : null}
    </div>
  );
}

function namesOf(readers: readonly FileReader[], unnamed: string): string {
  return readers.flatMap(({ name, isNamed }) => (isNamed ? [name ?? unnamed] : [])).join(', ');
}
