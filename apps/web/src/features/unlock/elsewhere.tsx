import { Button } from '@mantine/core';
import { useTranslation } from '../../i18n/use-translation.ts';

/** Another worker of this browser holds the vault: two writers on one device would contradict each other. */
export function Elsewhere() {
  const { t } = useTranslation();
  return (
    <main className="plain-page">
      <p className="plain-brand">Serment</p>
      <h1>{t('unlock.elsewhereTitle')}</h1>
      <p>{t('unlock.elsewhere')}</p>
      <p>
        <Button onClick={() => location.reload()}>{t('app.retry')}</Button>
      </p>
    </main>
  );
}
