import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTold } from '../news/news.tsx';
import { Change, Row } from './row.tsx';

const isSupported = 'Notification' in globalThis && 'serviceWorker' in navigator;

/** Whether the system of this device says what comes: off unless somebody asked for it here, by this button. */
export function NotificationsRow() {
  const { t } = useTranslation();
  const engine = useEngine();
  const { news } = useTold();
  const { error, isBusy, run } = useAttempt();
  const [permission, setPermission] = useState(isSupported ? Notification.permission : 'denied');
  const [isDismissed, setDismissed] = useState(false);
  if (!isSupported)
    return (
      <Row title={t('news.row')} detail={t('news.unsupported')}>
        {null}
      </Row>
    );
  const isOn = news?.isWished === true && permission === 'granted';
  const allow = () =>
    run(async () => {
      const answer = await Notification.requestPermission();
      setPermission(answer);
      setDismissed(answer === 'default');
      if (answer === 'granted') await engine.desks.news.setWished(true);
    });
  const remove = () => run(() => engine.desks.news.setWished(false));
  return (
    <>
      <Row title={t('news.row')} detail={t(isOn ? 'news.on' : 'news.off')}>
        {isOn ? (
          <Change isDisabled={isBusy} onClick={() => void remove()}>
            {t('news.remove')}
          </Change>
        ) : (
          <Change isDisabled={isBusy} onClick={() => void allow()}>
            {t('news.allow')}
          </Change>
        )}
      </Row>
      {permission === 'denied' ? <Notice tone="amber">{t('news.denied')}</Notice> : null}
      {isDismissed ? <Notice tone="plain">{t('news.dismissed')}</Notice> : null}
      <Failure error={error} />
    </>
  );
}
