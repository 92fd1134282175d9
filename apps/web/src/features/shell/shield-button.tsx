import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { withWords } from '../../i18n/i18n.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine, useSessionState, useStatus } from '../../session/use-session.ts';
import { type Shield, shieldOf } from '../../shield/shield.ts';
import { ShieldMark } from '../../ui/marks.tsx';
import { useNow } from '../../ui/now.ts';
import { useLateOpened } from './late.ts';

const loadPopover = async () => (await withWords(import('./shield-popover.tsx'))).ShieldPopover;

/** What is proven now, in few words; why, and the one thing to do, behind. */
export function ShieldButton({ isShort = false }: { readonly isShort?: boolean }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const navigate = useNavigate();
  const status = useStatus();
  const { hasTwoWays } = useSessionState().engine;
  const now = useNow(1000);
  const [isOpen, setOpen] = useState(false);
  const words = useShieldWords();
  const { part: ShieldPopover, button: place, mayOpen } = useLateOpened(loadPopover, isOpen);
  if (status === null) return null;
  const shield = shieldOf({ ...status, hasTwoWays }, now);
  const act = () => {
    setOpen(false);
    if (shield.action === 'retry') void engine.retry();
    else if (shield.action === 'kit')
      void navigate({ to: '/coffre/kit', search: shield.kit === null ? {} : { remplace: shield.kit } });
    else if (shield.action === 'rewind' && shield.device !== null && shield.since !== null)
      void navigate({ to: '/coffre/passe', search: { appareil: shield.device, depuis: shield.since } });
    else if (shield.action === 'held') void navigate({ to: '/coffre/acces/retenue' });
    else if (shield.action === 'members') void navigate({ to: '/coffre/membres' });
    else void navigate({ to: shield.action === 'ways' ? '/coffre/acces' : '/coffre' });
  };
  const [whole, shown] = [words(shield, now), words(shield, now, isShort)];
  // Who says what is written there must be understood.
  const spoken = whole.includes(shown) ? whole : `${shown}, ${whole}`;
  const button = (
    <button
      ref={place}
      type="button"
      className={`shield-button ${shield.tone}`}
      data-condition={shield.condition}
      aria-expanded={isOpen && mayOpen}
      aria-label={t('shield.label', { words: spoken })}
      onClick={() => setOpen(!isOpen)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
      }}
    >
      <ShieldMark shape={shield.shape} />
      <span>{shown}</span>
    </button>
  );
  if (ShieldPopover === null) return button;
  return (
    <ShieldPopover {...{ button, shield }} words={whole} isOpen={isOpen && mayOpen} onChange={setOpen} onAct={act} />
  );
}

/** The words of a shield: its condition, with what it counts or names. */
export function useShieldWords(): (shield: Shield, nowMs: number, isShort?: boolean) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (shield, nowMs, isShort = false) => {
    const ago = shield.since === null ? '' : format.ago(shield.since, nowMs);
    if (shield.condition === 'verified' || shield.condition === 'proven')
      return t(`shield.${shield.condition}${isShort ? 'Short' : ''}`, { ago });
    if (isShort) return t(`shield.short.${shield.condition}`);
    if (shield.condition === 'findings' || shield.condition === 'refused')
      return t(`shield.${shield.condition}`, { count: shield.count });
    return t(`shield.${shield.condition}`, { copy: shield.copy ?? '' });
  };
}
