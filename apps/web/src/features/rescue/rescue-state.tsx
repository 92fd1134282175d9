import { Button } from '@mantine/core';
import type { PracticeStatus } from '@serment/replica/practice-status';
import type { RescueSetting } from '@serment/replica/rescue-settings';
import { type ReactNode, useEffect, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useNow } from '../../ui/now.ts';
import { Progress } from '../../ui/progress.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { makeCopy, oldAfterMs, type Saved } from './copies.ts';
import { askConsent, folderState } from './folder.ts';
import { Settings } from './settings.tsx';

interface RescueStateProps {
  readonly view: RescueSetting;
  /** The device's author, in hexadecimal. */
  readonly device: string;
  readonly status: PracticeStatus;
  /** It was just set up: the first one is made at once. */
  readonly isFirst: boolean;
  readonly onChanged: () => void;
  readonly children: ReactNode;
}

/** The last copy and its age, and one made now. */
export function RescueState({ view, device, status, isFirst, onChanged, children }: RescueStateProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const language = useLanguage();
  const [step, setStep] = useState<{ done: number; total: number } | null>(null);
  const [saved, setSaved] = useState<Saved | null>(null);
  const { isBusy, error, run } = useAttempt();
  const make = () =>
    run(async () => {
      setSaved(null);
      // What is told of it may come after what it came to.
      let isOver = false;
      const onProgress = (done: number, total: number) => (isOver ? undefined : setStep({ done, total }));
      onProgress(0, 0);
      try {
        await navigator.locks.request('serment-rescue', async () => {
          setSaved(await makeCopy(engine, view, { device, language, onProgress }));
        });
      } finally {
        isOver = true;
        setStep(null);
        onChanged();
      }
    });
  const [isNew] = useState(isFirst && view.last === null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as it was just set up.
  useEffect(() => {
    if (isNew) void make();
  }, [isNew]);
  return (
    <>
      <LastCopy view={view} />
      <FolderConsent view={view} device={device} />
      {status.online ? null : <p className="row-text amber">{t('rescue.offline')}</p>}
      {step === null ? null : (
        <div className="rescue-working">
          <Progress label={t('rescue.making')} done={step.done} total={Math.max(1, step.total)} />
          <p className="small muted" role="status">
            {step.total === 0 ? t('rescue.making') : t('rescue.makingOf', step)}
          </p>
          <Button variant="default" onClick={() => void engine.desks.rescue.giveUp()}>
            {t('rescue.stop')}
          </Button>
        </div>
      )}
      <Failure error={error} />
      {saved === null ? null : <Made saved={saved} wanted={view.place.name} />}
      <div className="rescue-acts">
        <Button loading={isBusy} onClick={() => void make()}>
          {t('rescue.make')}
        </Button>
        {children}
      </div>
      <Settings {...{ view, device, onChanged }} />
    </>
  );
}

function LastCopy({ view: { last } }: { readonly view: RescueSetting }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(30_000);
  if (last === null) return <p className="rescue-last">{t('rescue.none')}</p>;
  const { madeAt, patients, sizeBytes, place } = last;
  const isOld = now - madeAt > oldAfterMs;
  const told = [
    format.ago(madeAt, now),
    t('rescue.patients', { count: patients }),
    format.size(sizeBytes),
    place.kind === 'folder' ? t('rescue.inFolder', { name: place.name }) : t('rescue.inDownloads'),
  ];
  return (
    <>
      <p className="rescue-last">{t('rescue.on', { day: format.day(madeAt), time: format.time(madeAt) })}</p>
      <p className={`row-text ${isOld ? 'amber' : 'muted'}`} data-testid="rescue-age">
        {told.join(' · ')}
      </p>
      {isOld ? <Notice tone="amber">{t('rescue.old')}</Notice> : null}
    </>
  );
}

/** A browser forgets what was allowed: it is asked for again in plain words, by a button. */
function FolderConsent({ view: { place }, device }: Pick<RescueStateProps, 'view' | 'device'>) {
  const { t } = useTranslation();
  const { value, again } = useAsked(`folder ${place.kind} ${place.name}`, async () => folderState(device));
  const { isBusy, error, run } = useAttempt();
  if (place.kind !== 'folder' || value === null || value === 'granted') return <Failure error={error} />;
  if (value === 'none') return <Notice tone="amber">{t('rescue.place.lost')}</Notice>;
  const ask = () =>
    run(async () => {
      await askConsent(device);
      again();
    });
  return (
    <Notice
      tone="amber"
      title={t('rescue.permission', { name: place.name })}
      action={
        <Button variant="default" loading={isBusy} onClick={() => void ask()}>
          {t('rescue.allow')}
        </Button>
      }
    >
      {t('rescue.refused')}
    </Notice>
  );
}

function Made({ saved: { file, made, place }, wanted }: { readonly saved: Saved; readonly wanted: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { patients, sizeBytes, left } = made;
  const kinds = (['restricted', 'absent', 'partial', 'beyond'] as const).filter((kind) => left[kind] > 0);
  const counted = t('rescue.patients', { count: patients });
  const told = [
    t('rescue.madeOf', { patients: counted, size: format.size(sizeBytes) }),
    ...(wanted !== '' && place.kind === 'download' ? [t('rescue.fellBack', { name: wanted })] : []),
    ...kinds.map((kind) => t(`rescue.left.${kind}`, { count: left[kind] })),
  ];
  return (
    <Notice tone="plain" title={t('rescue.made', { file })}>
      {told.join(' ')}
    </Notice>
  );
}
