import type { VaultEvent, VaultView } from '@serment/replica/vault';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';

const firstEvents = 8;
const moreEvents = 40;

/** What happened to the vault, as its entries say it. Keys drawn and grants made together are one line. */
export function Events({ vault }: { readonly vault: VaultView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [shown, setShown] = useState(firstEvents);
  const words = useEventWords();
  const events = gathered(vault.events);
  return (
    <section>
      <h2>{t('vault.events')}</h2>
      {events.length === 0 ? <p className="vault-row muted">{t('vault.noEvents')}</p> : null}
      {events.slice(0, shown).map((event) => (
        <div className="vault-row" key={event.index}>
          <span>{words(event)}</span>
          <span className="muted">{format.moment(event.receivedAt)}</span>
        </div>
      ))}
      {events.length > shown ? (
        <p className="vault-row">
          <button type="button" className="text-button" onClick={() => setShown(shown + moreEvents)}>
            {t('vault.moreEvents')}
          </button>
        </p>
      ) : null}
    </section>
  );
}

/** Readings by the practice's own devices are the access journal's; a kit that reads is an event. */
function gathered(events: readonly VaultEvent[]): VaultEvent[] {
  const told = events.filter(({ body }) => body.kind !== 'fetch' || body.isKit);
  return told.filter(({ body }, place) => {
    const previous = told[place - 1]?.body.kind;
    const isDetail = body.kind === 'grant' || body.kind === 'epoch';
    return !(
      (isDetail && (previous === 'grant' || previous === 'epoch')) ||
      (body.kind === 'fetch' && previous === 'fetch')
    );
  });
}

function useEventWords(): (event: VaultEvent) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ body, by, isHost }) => {
    const who = isHost ? t('vault.hostName') : by;
    const signed = (words: string) => (who === null ? words : `${words}, ${t('vault.by', { who })}`);
    switch (body.kind) {
      case 'device':
        return signed(t(body.byKit ? 'vault.event.deviceByKit' : 'vault.event.device'));
      case 'kit':
        return signed(t('vault.event.kit', { testValue: body.testValue }));
      case 'fetch':
        return t('vault.event.kitRead');
      case 'backup':
        return `${t('vault.event.backup')} · ${body.destination}, ${t('vault.entries', { count: body.size })}`;
      case 'drill':
        return `${t('vault.event.drill')} · ${t(`vault.outcome.${outcomeOf(body.outcome)}`)}, ${t('vault.entries', { count: body.entries })}, ${format.number(Math.round(body.durationMs / 1000))} s`;
      case 'operator':
        return `${t('vault.event.operator')} · ${body.action}`;
      default:
        return signed(t(`vault.event.${body.kind}`));
    }
  };
}

function outcomeOf(outcome: string): 'proven' | 'failed' | 'inconclusive' {
  return outcome === 'proven' || outcome === 'failed' ? outcome : 'inconclusive';
}
