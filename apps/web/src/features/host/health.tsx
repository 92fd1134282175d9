import type { HostView } from '@serment/core/wire/operator';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';

/** How the server does, in one line: what is red is said in words. */
export function HostHealth({ view }: { readonly view: HostView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { version, started, time, database, answers, failures, memoryBytes } = view;
  return (
    <section aria-label={t('operators.health')}>
      <h2>{t('operators.health')}</h2>
      <ul className="host-health">
        <li>{t('operators.version', { version })}</li>
        <li>{t('operators.since', { ago: format.ago(started, time) })}</li>
        <li className={database ? '' : 'red'}>{t(database ? 'operators.databaseUp' : 'operators.databaseDown')}</li>
        <li>{t('operators.answers', { count: answers })}</li>
        <li className={failures > 0 ? 'amber' : ''}>{t('operators.failures', { count: failures })}</li>
        <li>{t('operators.memory', { size: format.size(memoryBytes) })}</li>
      </ul>
    </section>
  );
}
