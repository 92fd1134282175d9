import type { WritesAsked } from '@serment/replica/practice-rewind';
import type { MemberView } from '@serment/replica/vault';
import { useSearch } from '@tanstack/react-router';
import { proxy } from 'comlink';
import { useEffect, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useStatus } from '../../session/use-session.ts';
import { AskedValue } from '../../ui/asked-value.tsx';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTitle } from '../../ui/use-title.ts';
import type { UndoneView, WritesView } from '../../worker/rewind-desk.ts';
import { AskForm, type Asking, lastDay, minuteOf } from './ask-form.tsx';
import { MassChangeNotice } from './mass-change-notice.tsx';
import { type Step, Working } from './working.tsx';
import { WrittenFiles } from './written-files.tsx';
import '../travel/travel.css';
import './rewind.css';

/** The whole practice, without what a device or a person wrote since an instant: seen first, then made so. */
export function RewindPage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const status = useStatus();
  const asked = useAsked('rewind', () => engine.desks.vault.view(), status?.size);
  useTitle(t('rewind.title'));
  if (status === null) return null;
  return (
    <div className="page rewind-page">
      <BackLink to="/coffre">{t('vault.title')}</BackLink>
      <h1>{t('rewind.title')}</h1>
      <p className="rewind-lead">{t('rewind.lead')}</p>
      {status.compartments.includes('clinical') ? (
        <AskedValue asked={asked} loading={t('vault.loading')}>
          {({ members, author }) => <Rewind members={members} author={author} />}
        </AskedValue>
      ) : (
        <Notice tone="plain">{t('rewind.closed')}</Notice>
      )}
    </div>
  );
}

interface RewindProps {
  readonly members: readonly MemberView[];
  /** This device, in hexadecimal. */
  readonly author: string;
}

function Rewind({ members, author }: RewindProps) {
  const engine = useEngine();
  const { appareil, depuis }: { appareil?: string; depuis?: number } = useSearch({ strict: false });
  const [asking, setAsking] = useState<Asking>(() => ({
    by: appareil === undefined ? '' : `device ${appareil}`,
    since: depuis === undefined ? lastDay() : minuteOf(depuis),
    until: '',
  }));
  const [step, setStep] = useState<Step | null>(null);
  const [writes, setWrites] = useState<WritesView | null>(null);
  const [undone, setUndone] = useState<UndoneView | null>(null);
  const { isBusy, error, run } = useAttempt();
  // Whoever leaves the page waits for nothing any more; what was written until then stays.
  useEffect(() => () => void engine.desks.rewind.stop(), [engine]);
  const work = (kind: Step['kind'], act: (onProgress: (done: number, total: number) => void) => Promise<void>) =>
    run(async () => {
      // What is told of it may come after what it came to.
      let isOver = false;
      setStep({ kind, done: 0, total: 0 });
      const tell = (done: number, total: number) => (isOver ? undefined : setStep({ kind, done, total }));
      try {
        await act(proxy(tell));
      } finally {
        isOver = true;
        setStep(null);
      }
    });
  const look = (wanted: WritesAsked) =>
    work('look', async (onProgress) => {
      setUndone(null);
      setWrites(null);
      setWrites(await engine.desks.rewind.look(wanted, onProgress));
    });
  const undo = (chosen: Parameters<typeof engine.desks.rewind.undo>[0]) =>
    work('undo', async (onProgress) => {
      setUndone(await engine.desks.rewind.undo(chosen, onProgress));
      setWrites(null);
    });
  return (
    <>
      <MassChangeNotice members={members} self={author} />
      <AskForm {...{ members, asking, isBusy }} onChange={setAsking} onAsk={(wanted) => void look(wanted)} />
      {step === null ? null : <Working step={step} onStop={() => void engine.desks.rewind.stop()} />}
      <Failure error={error} />
      {undone === null ? null : (
        <Done
          undone={undone}
          onLook={() => void look({ by: { kind: 'device', id: author }, since: undone.startedAt, until: null })}
        />
      )}
      {writes === null || step?.kind === 'look' ? null : (
        <WrittenFiles writes={writes} isBusy={isBusy} onUndo={(chosen) => void undo(chosen)} />
      )}
    </>
  );
}

function Done({ undone, onLook }: { readonly undone: UndoneView; readonly onLook: () => void }) {
  const { t } = useTranslation();
  const { files, records, left } = undone;
  return (
    <div className="rewind-done">
      <Notice tone="plain" title={t('rewind.done', { count: records })}>
        {t('rewind.doneFiles', { count: files })}{' '}
        <button type="button" className="text-button" onClick={onLook}>
          {t('rewind.lookAgain')}
        </button>
      </Notice>
      {left.length === 0 ? null : (
        <Notice tone="amber" title={t('rewind.left', { count: left.length })}>
          {t('rewind.leftWhy')}
        </Notice>
      )}
    </div>
  );
}
