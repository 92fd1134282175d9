import type { ReactNode } from 'react';
import type { HistoryVersion } from '../../file-view/history.ts';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useSession } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { personName, safeName } from '../patients/person.tsx';
import { SaveStateMark } from '../shell/save-state.tsx';
import { FieldChanges } from './field-changes.tsx';
import './history.css';

interface HistorySheetProps {
  /** Of what: a patient, `Patient/…`, or the templates that the practice shares. */
  readonly patient: string | null;
  readonly recordId: string;
  readonly onClose: () => void;
  /** For what is in the wrong file; not for what stays, as an identity does. */
  readonly onMove?: (() => void) | undefined;
}

/** Every version of one record: who wrote it, when, and what changed, field by field. */
export function HistorySheet({ patient, recordId, onClose, onMove }: HistorySheetProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const language = useLanguage();
  const { value, error, again } = useAsked(`history ${recordId} ${language}`, () =>
    patient === null
      ? engine.desks.templates.history(recordId, language)
      : engine.desks.versions.history(patient, recordId, language),
  );
  return (
    <Sheet title={value === null ? t('history.title') : `${t('history.title')} · ${value.title}`} onClose={onClose}>
      <Failure error={error} />
      {value === null ? (
        error === null ? (
          <p className="muted" role="status">
            {t('history.loading')}
          </p>
        ) : null
      ) : (
        <>
          <p className="muted row-text history-lead">{t('history.lead', { count: value.versions.length })}</p>
          {value.versions.map((version, place) => (
            <Version key={version.version} version={version}>
              {place === 0 || patient === null || version.change === 'removed' ? null : (
                <Restore {...{ patient, recordId }} version={version.version} onRestored={again} />
              )}
            </Version>
          ))}
          {onMove === undefined ? null : (
            <p className="history-move row-text">
              <button type="button" className="text-button" onClick={onMove}>
                {t('move.act')}
              </button>
            </p>
          )}
        </>
      )}
    </Sheet>
  );
}

interface RestoreProps {
  readonly patient: string;
  readonly recordId: string;
  readonly version: string;
  readonly onRestored: () => void;
}

/** Writes what this version said again, as a new one: what stands now stays below it. */
function Restore({ patient, recordId, version, onRestored }: RestoreProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const session = useSession();
  const { isBusy, error, run } = useAttempt();
  const restore = () =>
    run(async () => {
      const { id } = await engine.desks.travel.restoreVersion(patient, recordId, version);
      const row = await engine.patient(patient);
      const name = row === null ? '' : safeName(personName(row));
      session.saved({ id, what: t('travel.versionSaved'), patient: name });
      onRestored();
    });
  return (
    <>
      <Failure error={error} />
      <button type="button" className="text-button row-text" disabled={isBusy} onClick={() => void restore()}>
        {t('travel.version')}
      </button>
    </>
  );
}

function Version({ version, children }: { readonly version: HistoryVersion; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const device =
    version.device === 'browser' || version.device === 'cli' || version.device === 'script'
      ? t(`history.device.${version.device}`)
      : version.device;
  return (
    <section className="history-version">
      <header>
        <b>{t(`history.change.${version.change}`)}</b>
        <span>{version.author ?? t('history.unknownAuthor')}</span>
        <SaveStateMark state={version.state} />
        <span className="muted">
          {t('time.at', { day: format.day(version.at), time: format.clock(version.at) })}
          {device === null ? '' : ` · ${device}`}
        </span>
      </header>
      {version.fields.length === 0 ? (
        <p className="row-text faint">{t('history.same')}</p>
      ) : (
        <FieldChanges fields={version.fields} />
      )}
      {children}
    </section>
  );
}
