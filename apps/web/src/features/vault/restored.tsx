import { Button } from '@mantine/core';
import type { RestoredStatus } from '@serment/core/wire/status';
import type { RestoreLoss } from '@serment/replica/restore-loss';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';

interface RestoredProps {
  /** Null once it was accepted. */
  readonly restored: RestoredStatus | null;
  readonly isDoctor: boolean;
}

/** A vault that came back from a copy: what it lacks, in plain words, before a doctor accepts it. */
export function Restored({ restored, isDoctor }: RestoredProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const errorText = useErrorText();
  const asked = useAsked(`loss ${restored?.fence ?? ''}`, () => engine.desks.vault.restoreLoss());
  const { isBusy, error, run } = useAttempt();
  const [accepted, setAccepted] = useState<RestoreLoss | null>(null);
  const accept = async () => {
    await run(async () => {
      await engine.desks.vault.acknowledgeRestore();
      setAccepted(asked.value);
    });
  };
  if (restored === null) return accepted === null ? null : <Accepted loss={accepted} />;
  const confirm = (
    <Button loading={isBusy} onClick={() => void accept()}>
      {t('vault.restored.confirm')}
    </Button>
  );
  return (
    <Notice
      tone="amber"
      title={t('vault.restored.title', { when: format.moment(restored.at) })}
      action={isDoctor ? confirm : undefined}
    >
      {asked.value === null ? <Counting error={asked.error} again={asked.again} /> : <Loss loss={asked.value} />}
      <span className="notice-line">{t(isDoctor ? 'vault.restored.wait' : 'vault.restored.waitOther')}</span>
      {isBusy ? <span className="notice-line">{t('vault.restored.working')}</span> : null}
      {error === null ? null : <b className="notice-line red">{errorText(error)}</b>}
    </Notice>
  );
}

/** What is lacking is not known yet, or could not be told. */
function Counting({ error, again }: { readonly error: unknown; readonly again: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  if (error === null) return <span className="notice-line">{t('vault.restored.counting')}</span>;
  return (
    <b className="notice-line red">
      {errorText(error)}{' '}
      <Button variant="subtle" size="compact-sm" onClick={again}>
        {t('app.retry')}
      </Button>
    </b>
  );
}

function Loss({ loss: { kept, held, elsewhere } }: { readonly loss: RestoreLoss }) {
  const { t } = useTranslation();
  const told = [
    t('vault.restored.kept', { count: kept }),
    ...(held + elsewhere === 0 ? [t('vault.restored.nothing')] : []),
    ...(held === 0 ? [] : [t('vault.restored.held', { count: held })]),
    ...(elsewhere === 0 ? [] : [t('vault.restored.elsewhere', { count: elsewhere })]),
  ];
  return told.map((words) => (
    <span className="notice-line" key={words}>
      {words}
    </span>
  ));
}

function Accepted({ loss }: { readonly loss: RestoreLoss }) {
  const { t } = useTranslation();
  return (
    <Notice tone="plain" title={t('vault.restored.done')}>
      {loss.held === 0 ? t('vault.restored.doneNothing') : t('vault.restored.doneHeld', { count: loss.held })}
    </Notice>
  );
}
