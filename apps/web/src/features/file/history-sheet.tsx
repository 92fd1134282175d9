import { useTranslation } from 'react-i18next';
import type { HistoryVersion } from '../../file-view/history.ts';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { SaveStateMark } from '../shell/save-state.tsx';
import './history.css';

interface HistorySheetProps {
  /** Of what: a patient, `Patient/…`, or the templates that the practice shares. */
  readonly patient: string | null;
  readonly recordId: string;
  readonly onClose: () => void;
}

/** Every version of one record: who wrote it, when, and what changed, field by field. */
export function HistorySheet({ patient, recordId, onClose }: HistorySheetProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const language = useLanguage();
  const { value, error } = useAsked(`history ${recordId} ${language}`, () =>
    patient === null ? engine.desks.templates.history(recordId, language) : engine.history(patient, recordId, language),
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
          {value.versions.map((version) => (
            <Version key={version.version} version={version} />
          ))}
        </>
      )}
    </Sheet>
  );
}

function Version({ version }: { readonly version: HistoryVersion }) {
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
        <dl className="history-fields">
          {version.fields.map((field) => (
            <FieldRow key={field.label} field={field} />
          ))}
        </dl>
      )}
    </section>
  );
}

function FieldRow({ field }: { readonly field: HistoryVersion['fields'][number] }) {
  return (
    <>
      <dt>{field.label}</dt>
      <dd>
        {field.segments.map(({ text, kind }, place) => {
          const key = `${place} ${kind}`;
          if (kind === 'added') return <ins key={key}>{text}</ins>;
          return kind === 'removed' ? <del key={key}>{text}</del> : <span key={key}>{text}</span>;
        })}
      </dd>
    </>
  );
}
