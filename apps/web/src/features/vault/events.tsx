import type { Freeze } from '@serment/core/journal/body';
import type { PatientRow } from '@serment/replica/directory';
import type { VaultEvent } from '@serment/replica/vault';
import { useEffect, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTermWords } from '../../i18n/term-words.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { personName, safeName } from '../patients/person.tsx';

const firstEvents = 8;
const moreEvents = 40;

/** What happened to the vault, as its entries say it: no more of them are read than are shown. */
export function Events({ size }: { readonly size: number }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const format = useFormat();
  const errorText = useErrorText();
  const [limit, setLimit] = useState(firstEvents);
  const { value, error, again } = useAsked('events', () => engine.desks.vault.events(limit));
  const words = useEventWords();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer journal, or more to show, is what asks again.
  useEffect(again, [size, limit, again]);
  return (
    <section className="vault-events">
      <h2>{t('vault.events')}</h2>
      {value === null && error !== null ? <p className="vault-row red">{errorText(error)}</p> : null}
      {value?.events.length === 0 ? <p className="vault-row muted">{t('vault.noEvents')}</p> : null}
      {value?.events.map((event) => (
        <div className="vault-row" key={event.index}>
          <span>{words(event)}</span>
          <span className="muted">{format.moment(event.receivedAt)}</span>
        </div>
      ))}
      {value?.hasMore ? (
        <p className="vault-row">
          <button type="button" className="text-button" onClick={() => setLimit(limit + moreEvents)}>
            {t('vault.moreEvents')}
          </button>
        </p>
      ) : null}
    </section>
  );
}

/** Who named a device: another one, or what was kept aside. */
const deviceWords = {
  device: 'vault.event.device',
  kit: 'vault.event.deviceByKit',
  passkey: 'vault.event.deviceByPasskey',
} as const;

/** Which device it was, and whose: what one has to know to stop it. */
function ownerOf({ device, name }: { readonly device: string | null; readonly name: string | null }): string | null {
  if (device === null) return name;
  return name === null ? safeName(device) : `${safeName(device)}, ${name}`;
}

/** The words of an event, with who did it. */
export function useEventWords(): (event: VaultEvent) => string {
  const { t } = useTranslation();
  const format = useFormat();
  const { term } = useTermWords();
  const operatorWords = ({ action, operator, subject, place }: VaultEvent['body'] & { kind: 'operator' }) => {
    // The host writes all of it as it likes.
    const [who, what, where] = [safeName(operator), safeName(subject ?? ''), safeName(place ?? '')];
    if (action === 'verify-copy') return t('vault.event.operatorVerified', { copy: what, who });
    if (action === 'run-drill') return t('vault.event.operatorDrilled', { copy: what, who });
    if (action === 'suspend') return t('vault.event.operatorSuspended', { who });
    if (action === 'resume') return t('vault.event.operatorResumed', { who });
    if (action === 'retire-copy') return t('vault.event.operatorRetired', { copy: what, who });
    if (action === 'return-copy') return t('vault.event.operatorReturned', { copy: what, who });
    if (action === 'add-copy') return t('vault.event.operatorAdded', { copy: what, place: where, who });
    if (action === 'close-sessions') return t('vault.event.operatorClosed', { who });
    return `${t('vault.event.operator')} · ${safeName(action)}, ${t('vault.byOperator', { who })}`;
  };
  return ({ body, by, isHost }) => {
    const who = isHost ? t('vault.hostName') : by;
    const about = (words: string, name: string | null) => (name === null ? words : `${words} · ${name}`);
    const signed = (words: string) => (who === null ? words : `${words}, ${t('vault.by', { who })}`);
    switch (body.kind) {
      case 'device':
        if (body.label === 'invitation' || body.label === 'passkey') return signed(t(`vault.event.${body.label}`));
        if (body.byHolder === 'invitation')
          return t('vault.event.joined', { name: by === null ? t('file.someone') : safeName(by) });
        return signed(t(deviceWords[body.byHolder ?? 'device']));
      case 'freeze':
        if (body.frozen === false && isHost) return about(t('vault.event.letGo'), ownerOf(body));
        return signed(about(t(`vault.event.${freezeWords(body.frozen)}`), ownerOf(body)));
      case 'hold':
        return signed(t(body.isOn ? 'vault.event.holdsBegun' : 'vault.event.holdsEnded'));
      case 'restrict':
        return signed(
          about(t(body.isLifted ? 'vault.event.unrestricted' : 'vault.event.restricted'), nameOf(body.patient)),
        );
      case 'break-glass': {
        const opened = signed(about(t('vault.event.glass'), nameOf(body.patient)));
        return body.reason === null ? opened : t('vault.event.withReason', { what: opened, reason: body.reason });
      }
      case 'witness':
        return signed(body.name === null ? t('vault.event.witnessGone') : about(t('vault.event.witness'), body.name));
      case 'term':
        return signed(about(`${t('vault.event.term')} ${term(body)}`, body.name));
      case 'access':
        return about(t(`vault.access.${body.what}`), ownerOf(body));
      case 'kit':
        return signed(t('vault.event.kit', { testValue: body.testValue }));
      case 'revoke':
        if (body.testValue !== null) return signed(t('vault.event.kitWithdrawn', { testValue: body.testValue }));
        return signed(t('vault.event.revoke'));
      case 'fetch':
        return t(body.isKit ? 'vault.event.kitRead' : 'vault.event.passkeyRead');
      case 'backup':
        return `${t('vault.event.backup')} · ${body.destination}, ${t('vault.entries', { count: body.size })}`;
      case 'drill':
        return `${t('vault.event.drill')} · ${t(`vault.outcome.${outcomeOf(body.outcome)}`)}, ${t('vault.entries', { count: body.entries })}, ${format.number(Math.round(body.durationMs / 1000))}\u00a0s`;
      case 'operator':
        return operatorWords(body);
      default:
        return signed(t(`vault.event.${body.kind}`));
    }
  };
}

function freezeWords(frozen: Freeze): 'frozen' | 'held' | 'freed' {
  if (frozen === 'held') return 'held';
  return frozen ? 'frozen' : 'freed';
}

function nameOf(patient: PatientRow | null): string | null {
  return patient === null ? null : safeName(personName(patient));
}

function outcomeOf(outcome: string): 'proven' | 'failed' | 'inconclusive' {
  return outcome === 'proven' || outcome === 'failed' ? outcome : 'inconclusive';
}
