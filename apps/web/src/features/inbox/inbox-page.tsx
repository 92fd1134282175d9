import type { PatientRow } from '@serment/replica/directory';
import { Link } from '@tanstack/react-router';
import { type DragEvent, useState } from 'react';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useLayout } from '../../ui/layout.ts';
import { Arrow } from '../../ui/marks.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { DepositsToFile } from '../deposits/deposits-page.tsx';
import { useFollowed } from '../deposits/use-deposits.ts';
import { useNameOrNone } from '../patients/person.tsx';
import { ScannedBatches } from '../scanned/batches.tsx';
import { AbsenceSheet, Absences } from './absence.tsx';
import { ChooseFiles, Outcomes, useReceiving } from './receive.tsx';
import { ReceivedDetail } from './received-detail.tsx';
import { inOrder, ReceivedList, sectionOf } from './received-list.tsx';
import { useInboxRights } from './use-inbox.ts';
import './inbox.css';

/** What arrived and waits for its patient, or for its reader; for who reads medical files. */
export function InboxPage() {
  const { t } = useTranslation();
  const { mayFile } = useInboxRights();
  const title = t('inbox.title');
  useTitle(title);
  if (mayFile) return <Inbox />;
  return (
    <div className="page inbox-page">
      <h1>{title}</h1>
      <p className="muted">{t('error.COMPARTMENT_CLOSED')}</p>
    </div>
  );
}

function Inbox() {
  const { t } = useTranslation();
  const engine = useEngine();
  const layout = useLayout();
  const { mayRead } = useInboxRights();
  const language = useLanguage();
  const { value, error, again } = useFollowed(`inbox ${language}`, () => engine.desks.inbox.waiting(language));
  /** Undefined until one was shown. */
  const [selected, setSelected] = useState<string | null>();
  const [filed, setFiled] = useState<PatientRow | null>(null);
  const [isLeaving, setLeaving] = useState(false);
  const receiving = useReceiving(again);
  const items = inOrder(value?.items ?? []);
  const missing = value?.missing ?? 0;
  const isWide = layout === 'desktop';
  // The first one opens by itself, once: what comes, or what another doctor reads, puts none under the eye and the key.
  if (selected === undefined && isWide && items[0] !== undefined) setSelected(items[0].id);
  const current = items.find(({ id }) => id === selected);
  /** Read or told: the next one of the same part, or the one before the end; where there is room, one of another part. */
  const next = () => {
    const part = items.filter((item) => current !== undefined && sectionOf(item) === sectionOf(current));
    const place = part.findIndex(({ id }) => id === current?.id);
    const other = isWide ? items.find(({ id }) => id !== current?.id) : undefined;
    setSelected((part[place + 1] ?? part[place - 1] ?? other)?.id ?? null);
    setFiled(null);
    again();
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    receiving.receive([...event.dataTransfer.files]);
  };
  // Where there is no room for both, what is read takes the page's place.
  const isReading = current !== undefined && !isWide;
  const leave = mayRead ? (
    <button type="button" className="text-button" onClick={() => setLeaving(true)}>
      {t('inbox.absence')}
    </button>
  ) : null;
  const choose = <ChooseFiles onChoose={receiving.receive} />;
  const list = <ReceivedList items={items} selected={current?.id ?? null} onSelect={setSelected} />;
  const detail =
    current === undefined ? null : (
      <ReceivedDetail
        key={current.id}
        item={current}
        onDone={next}
        onFiled={(patient) => {
          setFiled(patient);
          again();
        }}
      />
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shorter way to what the button does.
    <div className="page inbox-page" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      {isReading ? (
        <h1 className="hidden-text">{t('inbox.title')}</h1>
      ) : (
        <>
          <div className="inbox-head">
            <h1>{t('inbox.title')}</h1>
            {layout === 'phone' ? null : (
              <div className="inbox-acts">
                {leave}
                {choose}
              </div>
            )}
          </div>
          <p className="muted inbox-lead">
            {t('inbox.lead')} <span className="by-pointer">{t('inbox.dropHint')}</span>
          </p>
          {layout === 'phone' ? <ScannedBatches before={choose} after={leave} /> : <ScannedBatches />}
          <Absences />
        </>
      )}
      <Outcomes receiving={receiving} />
      {filed === null ? null : <Filed patient={filed} />}
      <Failure error={error} />
      {value === null && error === null ? (
        <p className="muted row-text" role="status">
          {t('inbox.loading')}
        </p>
      ) : null}
      {missing === 0 ? null : <Notice tone="amber">{t('inbox.missing', { count: missing })}</Notice>}
      {value?.items.length === 0 && missing === 0 ? <p className="inbox-empty">{t('inbox.empty')}</p> : null}
      {items.length === 0 ? null : (
        <Columns isWide={isWide} list={list} detail={detail} onBack={() => setSelected(null)} />
      )}
      {isReading ? null : <DepositsToFile title={t('inbox.deposits')} />}
      {isLeaving ? <AbsenceSheet onClose={() => setLeaving(false)} /> : null}
    </div>
  );
}

interface ColumnsProps {
  readonly isWide: boolean;
  readonly list: React.ReactNode;
  readonly detail: React.ReactNode;
  readonly onBack: () => void;
}

/** List and one of it side by side; where there is no room, one after the other. */
function Columns({ isWide, list, detail, onBack }: ColumnsProps) {
  const { t } = useTranslation();
  if (isWide)
    return (
      <div className="inbox-columns">
        {list}
        {detail ?? <p className="muted">{t('inbox.chooseOne')}</p>}
      </div>
    );
  if (detail === null) return list;
  return (
    <>
      <p className="back">
        <button type="button" onClick={onBack}>
          <Arrow />
          {t('inbox.back')}
        </button>
      </p>
      {detail}
    </>
  );
}

function Filed({ patient }: { readonly patient: PatientRow }) {
  const { t } = useTranslation();
  const nameOf = useNameOrNone();
  return (
    <Notice
      tone="plain"
      action={
        <Link to="/patients/$id" params={{ id: patient.id.slice('Patient/'.length) }}>
          {t('inbox.openFile')}
        </Link>
      }
    >
      {t('inbox.filedIn', { name: nameOf(patient) })}
    </Notice>
  );
}
