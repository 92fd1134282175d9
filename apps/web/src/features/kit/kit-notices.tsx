import type { PracticeStatus } from '@serment/replica/practice-status';
import type { VaultView } from '@serment/replica/vault';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useSessionState } from '../../session/use-session.ts';
import { Notice } from '../../ui/notice.tsx';
import { KitWithdrawal } from './kit-withdrawal.tsx';

interface KitNoticesProps {
  readonly vault: VaultView;
  readonly status: PracticeStatus;
}

/** A kit that served is told to every member until it is replaced; so is a practice that has none. */
export function KitNotices({ vault, status }: KitNoticesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [withdrawing, setWithdrawing] = useState<string | null>(null);
  const isDoctor = status.role === 'doctor';
  const { urgentUntil } = useSessionState().engine;
  const served = vault.members.flatMap(({ member, name, kits }) =>
    kits.flatMap((kit) =>
      kit.usedAt !== null && kit.revokedAt === null ? [{ member, name, kit, at: kit.usedAt }] : [],
    ),
  );
  const asked = served.find(({ kit }) => kit.author === withdrawing)?.kit;
  return (
    <>
      {served.map(({ member, name, kit, at }) => {
        const isOwn = member === status.member;
        const told = { testValue: kit.label, when: format.moment(at), who: name ?? t('file.someone') };
        return (
          <Notice
            key={kit.author}
            tone="amber"
            title={t('kits.served', told)}
            action={
              !isDoctor ? null : isOwn ? (
                <Link to="/coffre/kit" search={{ remplace: kit.author }} className="link-button">
                  {t('kits.replace')}
                </Link>
              ) : (
                <button type="button" className="link-button" onClick={() => setWithdrawing(kit.author)}>
                  {t('kits.withdraw')}
                </button>
              )
            }
          >
            {t(servedWords(isOwn, isDoctor), told)}{' '}
            {kit.author === status.kitToReplace && urgentUntil !== null
              ? t('kitFirst.due', { when: format.moment(urgentUntil) })
              : null}
          </Notice>
        );
      })}
      {status.kits.hasOne || !isDoctor ? null : (
        <Notice
          tone="amber"
          title={t('shield.no-kit')}
          action={
            <Link to="/coffre/kit" search={{}} className="link-button">
              {t('kits.make')}
            </Link>
          }
        >
          {t('shieldWhy.why.no-kit')}
        </Notice>
      )}
      {asked === undefined ? null : <KitWithdrawal kit={asked} isLast={false} onClose={() => setWithdrawing(null)} />}
    </>
  );
}

function servedWords(isOwn: boolean, isDoctor: boolean) {
  if (isOwn) return isDoctor ? 'kits.servedOwn' : 'kits.servedOwnOther';
  return isDoctor ? 'kits.servedColleague' : 'kits.servedOther';
}
