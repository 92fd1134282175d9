import { Button } from '@mantine/core';
import type { MemberView } from '@serment/replica/vault';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { Sheet } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';

/** What is about to end for good: one device of a member, or all that the member has. */
export type Ending =
  | { readonly kind: 'device'; readonly member: MemberView; readonly author: string; readonly device: string }
  | { readonly kind: 'member'; readonly member: MemberView };

interface EndingSheetProps {
  readonly ending: Ending;
  readonly name: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks once, for what cannot be undone: what will happen, and what nobody can take back. */
export function EndingSheet({ ending, name, onClose, onDone }: EndingSheetProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const isDevice = ending.kind === 'device';
  const key = isDevice ? 'members.revoking' : 'members.departing';
  const end = async () => {
    await run(async () => {
      await (isDevice ? engine.revokeDevice(ending.author) : engine.removeMember(ending.member.member));
      onDone();
    });
  };
  const hasOtherWay = isDevice || ending.member.role !== 'doctor';
  return (
    <Sheet title={t(`${key}.title`, { name })} onClose={isBusy ? () => undefined : onClose}>
      <div className="member-sheet">
        {isDevice ? <p className="muted ending-device">{ending.device}</p> : null}
        <ul className="consequences">
          <li>{t(`${key}.access`)}</li>
          <li>{t('members.newKeys')}</li>
          <li>{t(`${key}.stays`)}</li>
          <li>
            <b>{t(`${key}.kept`)}</b>
          </li>
        </ul>
        {hasOtherWay ? <p className="muted row-text">{t(`${key}.instead`)}</p> : null}
        <Failure error={error}>{t('members.goOn')}</Failure>
        <div className="code-actions">
          <Button loading={isBusy} onClick={() => void end()}>
            {t(`${key}.confirm`)}
          </Button>
          <Button variant="quiet" disabled={isBusy} onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <span className="row-text muted" role="status">
            {isBusy ? t('members.ending') : ''}
          </span>
        </div>
      </div>
    </Sheet>
  );
}
