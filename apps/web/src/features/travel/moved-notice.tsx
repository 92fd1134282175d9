import type { PatientRow } from '@serment/replica/directory';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useNameOrNone } from '../patients/person.tsx';

export interface Moved {
  readonly to: PatientRow;
  readonly recordId: string;
}

/** Where something went, and the way back. */
export function MovedNotice({ from, moved: { to, recordId } }: { readonly from: string; readonly moved: Moved }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const nameOf = useNameOrNone();
  const { isBusy, error, run } = useAttempt();
  const [isUndone, setUndone] = useState(false);
  const undo = () =>
    run(async () => {
      await engine.desks.travel.move(recordId, { from: to.id, to: from });
      setUndone(true);
    });
  if (isUndone)
    return (
      <div className="file-notices">
        <Notice tone="plain">{t('move.undone')}</Notice>
      </div>
    );
  return (
    <div className="file-notices">
      <Notice
        tone="plain"
        action={
          <button type="button" className="text-button" disabled={isBusy} onClick={() => void undo()}>
            {t('move.undo')}
          </button>
        }
      >
        {t('move.done', { name: nameOf(to) })}{' '}
        <Link to="/patients/$id" params={{ id: to.id.slice('Patient/'.length) }}>
          {t('travel.see')}
        </Link>
      </Notice>
      <Failure error={error} />
    </div>
  );
}
