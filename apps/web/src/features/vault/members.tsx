import type { PracticeStatus } from '@serment/replica/practice-status';
import type { MemberView, VaultView } from '@serment/replica/vault';
import { Link } from '@tanstack/react-router';
import { useTermWords } from '../../i18n/term-words.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useRoleText } from '../members/member-words.ts';
import { inOrder, standingOf, viewerOf } from '../members/standing.ts';

/** Who can enter, one line each. What can be done about it has a page of its own. */
export function Members({ vault, status }: { readonly vault: VaultView; readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const roleText = useRoleText();
  const words = useTermWords();
  const viewer = viewerOf(status, vault.author);
  const members = inOrder(vault.members, viewer).filter((member) => standingOf(member) !== 'out');
  return (
    <section>
      <h2>{t('vault.members')}</h2>
      {members.map((member) => (
        <div key={member.member} className="vault-row">
          <span>
            {member.name ?? t('file.someone')}{' '}
            <span className="muted">
              {[
                roleText(member.role),
                ...(standingOf(member) === 'invited' ? [] : [t('vault.device', { count: machines(member).length })]),
                ...(member.term === null ? [] : [words.term(member.term)]),
              ]
                .filter((text) => text !== '')
                .map((text) => `· ${text}`)
                .join(' ')}
            </span>
          </span>
          <Mark member={member} isSelf={member.member === status.member} />
        </div>
      ))}
      <p className="vault-row">
        <Link to="/coffre/membres">{t('members.title')}</Link>
      </p>
    </section>
  );
}

function Mark({ member, isSelf }: { readonly member: MemberView; readonly isSelf: boolean }) {
  const { t } = useTranslation();
  const frozen = machines(member).filter(({ frozenAt }) => frozenAt !== null).length;
  if (frozen > 0) return <span className="amber">{t('members.frozenCount', { count: frozen })}</span>;
  const held = machines(member).filter(({ hold }) => hold !== null).length;
  if (held > 0) return <span className="amber">{t('members.heldCount', { count: held })}</span>;
  if (standingOf(member) === 'invited') return <span className="amber">{t('members.invited')}</span>;
  return <span className="muted">{isSelf ? t('members.you') : ''}</span>;
}

/** What a member works on: no passkey, no invitation that waits, and nothing that was revoked. */
function machines({ devices }: MemberView) {
  return devices.filter(({ label, revokedAt }) => label !== 'passkey' && label !== 'invitation' && revokedAt === null);
}
