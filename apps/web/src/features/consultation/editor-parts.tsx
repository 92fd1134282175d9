import { Button } from '@mantine/core';
import { takenDraft } from '../../file-view/draft-key.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { DelayedAct } from '../../session/delayed.ts';
import { Notice } from '../../ui/notice.tsx';
import { useNow } from '../../ui/now.ts';
import { Taken } from '../file/taken.tsx';

/** Why this text stands beside another one of the same file. */
export function Apart({ apart }: { readonly apart: string | undefined }) {
  const { t } = useTranslation();
  if (apart === undefined) return null;
  const taken = takenDraft(apart);
  return <Notice tone="plain">{taken === null ? t('note.apart') : <Taken {...taken} />}</Notice>;
}

/** A signature that waits, with the way back. */
export function SigningWait({ act, onCancel }: { readonly act: DelayedAct; readonly onCancel: () => void }) {
  const { t } = useTranslation();
  const now = useNow(500);
  const count = Math.max(0, Math.ceil((act.until - now) / 1000));
  return (
    <>
      <Button variant="default" autoFocus disabled={act.state !== 'waiting'} onClick={onCancel}>
        {t('consultation.cancelSigning')}
      </Button>
      <span className="edit-state" data-testid="signing">
        {act.state === 'waiting' ? t('consultation.signingIn', { count }) : t('consultation.signing')}
      </span>
    </>
  );
}
