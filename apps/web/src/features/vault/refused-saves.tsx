import { Button } from '@mantine/core';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { Notice } from '../../ui/notice.tsx';
import { refusalMeaning } from './journal-words.ts';

/** What the host will not have, one by one: sent again, or given up. Nothing is dropped by itself. */
export function RefusedSaves({ count }: { readonly count: number }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const format = useFormat();
  const { value } = useAsked(`refused ${count}`, () => engine.desks.vault.refusedSaves());
  return (
    <div>
      <Notice tone="red">{t('vault.refused', { count })}</Notice>
      {(value ?? []).map((save) => (
        <div className="vault-row refused-row" key={save.id}>
          <span>
            {t('vault.refusedSave', {
              when: format.moment(save.at),
              why: t(`vault.refusedWhy.${refusalMeaning(save.problem)}`),
            })}{' '}
            <code className="muted">{save.problem}</code>
          </span>
          <span className="refused-actions">
            <Button variant="default" onClick={() => void engine.desks.vault.retrySave(save.id)}>
              {t('app.retry')}
            </Button>
            <Button variant="quiet" onClick={() => void engine.desks.vault.discardSave(save.id)}>
              {t('vault.discardSave')}
            </Button>
          </span>
        </div>
      ))}
    </div>
  );
}
