import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { LocalWays } from '../../worker/protocol.ts';
import { Change, Row } from './row.tsx';

interface OfflineRowProps {
  readonly state: LocalWays['offline'];
  readonly onChoose: () => void;
  readonly onChanged: () => void;
}

/** The password without the server: off unless somebody asked for it here, since it is weaker. */
export function OfflineRow({ state, onChoose, onChanged }: OfflineRowProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const { error, run } = useAttempt();
  const remove = () =>
    run(async () => {
      await engine.forbidOffline();
      onChanged();
    });
  return (
    <>
      <Row title={t('ways.offline')} detail={t(state === 'on' ? 'ways.offlineOn' : 'ways.offlineDetail')}>
        {state === 'on' ? null : <Change onClick={onChoose}>{t('ways.allow')}</Change>}
        {state === 'off' ? null : <Change onClick={() => void remove()}>{t('ways.remove')}</Change>}
      </Row>
      {state === 'ended' ? <Notice tone="amber">{t('ways.offlineEnded')}</Notice> : null}
      <Failure error={error} />
    </>
  );
}
