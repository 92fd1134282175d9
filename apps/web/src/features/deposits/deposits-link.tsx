import { Link } from '@tanstack/react-router';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { useDepositPart, useFollowedLater } from './use-deposits.ts';

/** The way to deposits, with how many wait for this person; nothing for who has no part in them. */
export function DepositsLink() {
  const { t } = useTranslation();
  const engine = useEngine();
  const isOn = useDepositPart() !== null;
  const { value } = useFollowedLater(`waiting deposits ${isOn}`, async () =>
    isOn ? engine.desks.deposits.waiting() : 0,
  );
  if (!isOn) return null;
  const count = value ?? 0;
  return <Link to="/depots">{count === 0 ? t('deposits.link') : t('deposits.linkCount', { count })}</Link>;
}
