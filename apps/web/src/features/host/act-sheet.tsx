import { Button } from '@mantine/core';
import { bytesToHex } from '@serment/core/bytes';
import { CodedError } from '@serment/core/error';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { codeOf } from '../../worker/carried-error.ts';
import { ConfirmStep } from './confirm-step.tsx';
import { useConsole } from './console-session.ts';
import { shortened } from './console-words.ts';
import { hostClient } from './host-client.ts';
import { HostFailure } from './host-failure.tsx';
import '../../ui/choices.css';

/** An act on one practice, where `copy` is empty if it concerns none, or on a copy of all of them. */
export type Act =
  | {
      readonly kind: 'verify' | 'drill' | 'close' | 'suspend' | 'resume';
      readonly practice: Uint8Array;
      readonly copy: string;
    }
  | { readonly kind: 'retire' | 'return'; readonly copy: string };

/** What a sheet is opened for. */
export type Asked = Act | { readonly kind: 'add' };

/** What the server refuses and this sheet asks about. */
const answered = ['COPY_LAST', 'OPERATOR_UNCONFIRMED'];

interface ActSheetProps {
  readonly act: Act;
  readonly onDone: (words: string) => void;
  readonly onClose: () => void;
}

/** What the act does, and who will read of it, before it is done: what stands in a journal is there for good. */
export function ActSheet({ act, onDone, onClose }: ActSheetProps) {
  const { t } = useTranslation();
  const { session, endIfOver } = useConsole();
  const { isBusy, error, run } = useAttempt();
  const [alone, setAlone] = useState<number | null>(null);
  const [isMeant, setMeant] = useState(false);
  const [isConfirming, setConfirming] = useState(false);
  const { kind, copy } = act;
  const name = 'practice' in act ? bytesToHex(act.practice) : '';
  const practice = shortened(name);
  const perform = () =>
    run(
      async () => {
        if (act.kind === 'retire') await hostClient.retire(session.token, copy, isMeant);
        else if (act.kind === 'return') await hostClient.putBack(session.token, copy);
        else await hostClient.act(session.token, { kind: act.kind, practice: name, copy });
        onDone(t(`console.act.${kind}.done`, { copy, practice }));
      },
      (failure) => {
        if (failure instanceof CodedError && failure.code === 'COPY_LAST') setAlone(Number(failure.fields.count));
        if (codeOf(failure) === 'OPERATOR_UNCONFIRMED') setConfirming(true);
        endIfOver(failure);
      },
    );
  const confirmed = () => {
    setConfirming(false);
    void perform();
  };
  const title = t(`console.act.${kind}.title`, { copy });
  if (isConfirming)
    return (
      <Sheet title={title} isBusy={isBusy} onClose={onClose}>
        <ConfirmStep lead={t('operators.confirmAct')} isAgain={false} onConfirmed={confirmed} />
      </Sheet>
    );
  return (
    <Sheet title={title} isBusy={isBusy} onClose={onClose}>
      <div className="host-act">
        <p>{t(`console.act.${kind}.lead`)}</p>
        <p>
          {name === ''
            ? t('console.inscribedInAll', { name: session.name })
            : t('operators.inscribed', { practice, name: session.name })}
        </p>
        {alone === null ? null : (
          <>
            <Notice tone="amber" title={t('console.lastCopy', { count: alone })}>
              {t('console.lastCopyDetail')}
            </Notice>
            <fieldset className="choices">
              <label>
                <input type="checkbox" checked={isMeant} onChange={(event) => setMeant(event.currentTarget.checked)} />
                {t('console.retireAnyway')}
              </label>
            </fieldset>
          </>
        )}
        {answered.includes(codeOf(error)) ? null : <HostFailure error={error} />}
        <div className="host-actions">
          <Button loading={isBusy} disabled={alone !== null && !isMeant} onClick={() => void perform()}>
            {t('operators.do')}
          </Button>
          <Button variant="default" disabled={isBusy} onClick={onClose}>
            {t('app.cancel')}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
