import type { MemberView } from '@serment/replica/vault';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useStatus } from '../../session/use-session.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { KitWithdrawal } from '../kit/kit-withdrawal.tsx';
import { DeviceNameSheet } from './device-name-sheet.tsx';
import { EndingSheet } from './ending-sheet.tsx';
import { HoldsSection } from './holds-section.tsx';
import { type Asking, MemberEntry } from './member-entry.tsx';
import { useDeviceName } from './member-words.ts';
import { inOrder, standingOf, viewerOf } from './standing.ts';
import { TermSheet } from './term-sheet.tsx';
import './members.css';

/** Who can enter, and with what; and what each person may do about it. */
export function MembersPage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const status = useStatus();
  const { value: vault, error, again } = useAsked('members', () => engine.desks.vault.view(), status?.size);
  const [asked, setAsked] = useState<{ readonly member: MemberView; readonly asking: Asking } | null>(null);
  const [done, setDone] = useState<string | null>(null);
  useTitle(t('members.title'));
  if (status === null) return null;
  const isDoctor = status.role === 'doctor';
  const viewer = viewerOf(status, vault?.author ?? '');
  const members = vault === null ? [] : inOrder(vault.members, viewer);
  const entries = (isIn: boolean) =>
    members
      .filter((member) => (standingOf(member) !== 'out') === isIn)
      .map((member) => (
        <MemberEntry
          key={member.member}
          member={member}
          viewer={viewer}
          onAsk={(asking) => {
            setDone(null);
            setAsked({ member, asking });
          }}
        />
      ));
  const former = entries(false);
  return (
    <div className="page members-page">
      <BackLink to="/coffre">{t('vault.title')}</BackLink>
      <div className="members-head">
        <div>
          <h1>{t('members.title')}</h1>
          <p className="muted members-lead">{t(isDoctor ? 'members.lead' : 'members.leadOther')}</p>
        </div>
        {isDoctor ? (
          <Link to="/coffre/membres/inviter" search={{}} className="ink-button">
            {t('members.invite')}
          </Link>
        ) : null}
      </div>
      {done === null ? null : <Notice tone="plain">{done}</Notice>}
      <Failure error={error} />
      {vault === null && error === null ? (
        <p className="muted row-text" role="status">
          {t('vault.loading')}
        </p>
      ) : null}
      {entries(true)}
      {former.length === 0 ? null : <h2 className="members-former">{t('members.former')}</h2>}
      {former}
      {vault === null ? null : <HoldsSection isOn={vault.holdsDevices} isDoctor={isDoctor} />}
      {asked === null ? null : (
        <AskedSheet
          {...asked}
          self={viewer.author}
          onClose={() => setAsked(null)}
          onDone={(words) => {
            setAsked(null);
            setDone(words);
            again();
          }}
        />
      )}
    </div>
  );
}

interface AskedSheetProps {
  readonly member: MemberView;
  readonly asking: Asking;
  /** The device that this is, in hexadecimal. */
  readonly self: string;
  readonly onClose: () => void;
  /** With what was done, in words. */
  readonly onDone: (words: string) => void;
}

function AskedSheet({ member, asking, self, onClose, onDone }: AskedSheetProps) {
  const { t } = useTranslation();
  const deviceName = useDeviceName();
  const name = member.name ?? t('file.someone');
  const shared = { name, onClose };
  if (asking.act === 'revoke') {
    const { author } = asking.device;
    const device = deviceName(asking.device);
    const done = () => onDone(t('members.revoking.done', { device, name }));
    return <EndingSheet {...shared} author={author} device={device} onDone={done} />;
  }
  if (asking.act === 'withdraw') return <KitWithdrawal kit={asking.kit} isLast={false} onClose={onClose} />;
  if (asking.act === 'rename') {
    const done = () => onDone(t('members.naming.done'));
    const { author, name: known } = asking.device;
    return <DeviceNameSheet author={author === self ? null : author} name={known} onClose={onClose} onDone={done} />;
  }
  return <TermSheet {...shared} member={member} onDone={() => onDone(t('members.term.done', { name }))} />;
}
