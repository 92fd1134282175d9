import type { VaultView } from '@serment/replica/vault';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';

/** What the host signed, with what it takes to compare two devices or to check it elsewhere. */
export function Checkpoint({ vault }: { readonly vault: VaultView }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (vault.note === null || vault.root === null) return null;
  return (
    <section className="wide-row">
      <h2>{t('vault.checkpoint')}</h2>
      <p className="row-text muted">{t('vault.checkpointLead')}</p>
      <p className="row-text muted">{t('vault.checkpointHow')}</p>
      <dl className="checkpoint">
        <dt>{t('vault.checkpointSize')}</dt>
        <dd>{format.number(vault.size)}</dd>
        <dt>{t('vault.checkpointRoot')}</dt>
        <dd>
          <code>{vault.root}</code>
        </dd>
        <dt>{t('vault.checkpointFence')}</dt>
        <dd>{format.number(vault.fence - 1)}</dd>
        <dt>{t('vault.checkpointHost')}</dt>
        <dd>
          <code>{vault.hostAuthor}</code>
        </dd>
        <dt>{t('vault.checkpointNote')}</dt>
        <dd>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long note is scrolled by keyboard. */}
          <pre tabIndex={0}>{vault.note}</pre>
        </dd>
      </dl>
    </section>
  );
}
