import { useTranslation } from '../../i18n/use-translation.ts';
import type { LocalWays } from '../../worker/protocol.ts';
import { hasPasskeys } from '../unlock/passkey.ts';
import './offline.css';

/** What opens this device while the server does not answer: said before somebody tries them all. */
export function OfflineWays({ ways }: { readonly ways: LocalWays }) {
  const { t } = useTranslation();
  const hasKey = ways.passkeys.length > 0 && hasPasskeys();
  const hasPassword = ways.offline === 'on';
  if (!(hasKey || hasPassword)) return <p className="offline-ways">{t('offline.ways.none')}</p>;
  const [passkey, password] = [t('offline.ways.passkey'), t('offline.ways.password')];
  const both = t('offline.ways.and', { first: passkey, second: password });
  return (
    <p className="offline-ways">
      {t('offline.ways.some', { ways: hasKey && hasPassword ? both : hasKey ? passkey : password })}
    </p>
  );
}
