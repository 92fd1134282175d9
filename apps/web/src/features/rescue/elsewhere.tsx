import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { useErrorText } from '../../ui/error-text.tsx';

interface ElsewhereProps {
  /** Another one asks again. */
  readonly mark: number;
  /** Without this device, and without a word where there is none. */
  readonly isShort?: boolean;
}

/** The devices that made rescue copies, as the journal tells. */
export function Elsewhere({ mark, isShort = false }: ElsewhereProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const format = useFormat();
  const errorText = useErrorText();
  const { value, error } = useAsked('rescue elsewhere', () => engine.desks.rescue.all(), mark);
  const shown = (value ?? []).filter(({ isHere }) => !(isShort && isHere));
  if (error !== null) return <p className="vault-row muted">{errorText(error)}</p>;
  if (value === null) return isShort ? null : <p className="vault-row muted">{t('rescue.elsewhereLoading')}</p>;
  if (shown.length === 0) return isShort ? null : <p className="vault-row muted">{t('rescue.elsewhereNone')}</p>;
  return shown.map(({ name, device, who, at, patients, isHere }) => (
    <p className="vault-row" key={name}>
      <span>
        {device ?? t('rescue.device')}
        {isHere ? ` (${t('rescue.here')})` : ''}
        <span className="muted"> · {t('rescue.by', { who: who ?? t('file.someone') })}</span>
      </span>
      <span className="muted">
        {[at === null ? '' : format.moment(at), t('rescue.patients', { count: patients })].filter(Boolean).join(', ')}
      </span>
    </p>
  ));
}
