import type { AccessEvent, Freeze } from '@serment/core/journal/body';
import { operatorActions } from '@serment/core/journal/operator-act';
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer journal, or more to show, is what asks again.
  useEffect(again, [size, limit, again]);
  return (
    <section className="vault-events">
      <h2>{t('vault.events')}</h2>
      {value === null && error !== null ? <p className="vault-row red">{errorText(error)}</p> : null}
      {value?.events.length === 0 ? <p className="vault-row muted">{t('vault.noEvents')}</p> : null}
      {value?.events.map((event) => (
        <div className="vault-row" key={event.index}>
          <EventLine event={event} />
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

/** What happened; then what it was about and, last, who did it. */
interface EventWords {
  readonly what: string;
  readonly facts: readonly string[];
}

/** An event in a line, and all of them in one form: what it is about stands apart from what happened. */
export function EventLine({ event }: { readonly event: VaultEvent }) {
  const { what, facts } = useEventWords()(event);
  return (
    <span>
      {what}
      {facts.length === 0 ? null : <span className="muted"> · {facts.join(' · ')}</span>}
    </span>
  );
}

function useEventWords(): (event: VaultEvent) => EventWords {
  const { t } = useTranslation();
  const format = useFormat();
  const { term } = useTermWords();
  const operatorWords = useOperatorWords();
  return ({ body, by, isHost }) => {
    const who = isHost ? t('vault.hostName') : by;
    const signed = (what: string, ...about: (string | null)[]) =>
      wordsOf(what, ...about, who === null ? null : t('vault.by', { who }));
    switch (body.kind) {
      case 'device':
        if (body.label === 'invitation' || body.label === 'passkey') return signed(t(`vault.event.${body.label}`));
        if (body.byHolder === 'invitation')
          return wordsOf(t('vault.event.joined', { name: by === null ? t('file.someone') : safeName(by) }));
        return signed(t(deviceWords[body.byHolder ?? 'device']));
      case 'freeze':
        if (body.frozen === false && isHost) return wordsOf(t('vault.event.letGo'), ...ownerOf(body));
        return signed(t(`vault.event.${freezeWords(body.frozen)}`), ...ownerOf(body));
      case 'hold':
        return signed(t(body.isOn ? 'vault.event.holdsBegun' : 'vault.event.holdsEnded'));
      case 'restrict':
        return signed(t(body.isLifted ? 'vault.event.unrestricted' : 'vault.event.restricted'), nameOf(body.patient));
      case 'break-glass': {
        const reason = body.reason === null ? null : t('vault.event.reason', { reason: body.reason });
        return signed(t('vault.event.glass'), nameOf(body.patient), reason);
      }
      case 'witness':
        return signed(t(body.name === null ? 'vault.event.witnessGone' : 'vault.event.witness'), body.name);
      case 'term':
        return signed(`${t('vault.event.term')} ${term(body)}`, body.name);
      case 'access':
        return ownActs.has(body.what) && body.name !== null
          ? wordsOf(t(`vault.access.${body.what}`), deviceOf(body), t('vault.by', { who: body.name }))
          : wordsOf(t(`vault.access.${body.what}`), ...ownerOf(body));
      case 'kit':
        return signed(t('vault.event.kit', { testValue: body.testValue }));
      case 'revoke':
        if (body.testValue !== null) return signed(t('vault.event.kitWithdrawn', { testValue: body.testValue }));
        return signed(t('vault.event.revoke'));
      case 'fetch':
        return wordsOf(t(body.isKit ? 'vault.event.kitRead' : 'vault.event.passkeyRead'));
      case 'backup':
        return wordsOf(t('vault.event.backup'), body.destination, t('vault.entries', { count: body.size }));
      case 'drill':
        return wordsOf(
          t('vault.event.drill'),
          t(`vault.outcome.${outcomeOf(body.outcome)}`),
          t('vault.entries', { count: body.entries }),
          `${format.number(Math.round(body.durationMs / 1000))}\u00a0s`,
        );
      case 'operator':
        return operatorWords(body);
      default:
        return signed(t(`vault.event.${body.kind}`));
    }
  };
}

/** What the host's people did: the host writes the names of both as it likes. */
function useOperatorWords(): (body: VaultEvent['body'] & { kind: 'operator' }) => EventWords {
  const { t } = useTranslation();
  return ({ action, operator, subject, place }) => {
    // The host writes all of it as it likes.
    const by = t('vault.byOperator', { who: safeName(operator) });
    const names = { copy: safeName(subject ?? ''), place: safeName(place ?? '') };
    const known = operatorActions.find((one) => one === action);
    if (known === undefined) return wordsOf(t('vault.event.operator'), safeName(action), by);
    return wordsOf(t(`vault.operator.${known}`, names), by);
  };
}

function wordsOf(what: string, ...facts: readonly (string | null)[]): EventWords {
  return { what, facts: facts.filter((fact) => fact !== null) };
}

/** Which device it was, and whose: what one has to know to stop it. */
function ownerOf(owned: { readonly device: string | null; readonly name: string | null }) {
  return [deviceOf(owned), owned.name];
}

function deviceOf({ device }: { readonly device: string | null }): string | null {
  return device === null ? null : safeName(device);
}

/** What members did themselves; the rest happened to them, or to a device of theirs. */
const ownActs: ReadonlySet<AccessEvent> = new Set<AccessEvent>([
  ...(['opened', 'password', 'phone', 'totp', 'recovery-codes', 'pin', 'card', 'recovery-code-used'] as const),
  ...(['session-ended', 'passkey', 'rescue-copy'] as const),
]);

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
