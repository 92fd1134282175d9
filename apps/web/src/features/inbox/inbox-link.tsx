import { Link } from '@tanstack/react-router';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { DepositsLink } from '../deposits/deposits-link.tsx';
import { useFollowedLater } from '../deposits/use-deposits.ts';
import { useInboxRights } from './use-inbox.ts';

/** The way to what arrived, with how much of it waits for this person; for a desk, to its deposits. */
export function InboxLink() {
  return useInboxRights().mayFile ? <Counted /> : <DepositsLink />;
}

function Counted() {
  const { t } = useTranslation();
  const engine = useEngine();
  const { value } = useFollowedLater('inbox counts', async () => {
    const [{ toFile, toRead, toTell }, deposits] = await Promise.all([
      engine.desks.inbox.counts(),
      engine.desks.deposits.waiting(),
    ]);
    return toFile + toRead + toTell + deposits;
  });
  const count = value ?? 0;
  return <Link to="/a-classer">{count === 0 ? t('inbox.link') : t('inbox.linkCount', { count })}</Link>;
}
