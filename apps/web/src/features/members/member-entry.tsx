import type { Hold } from '@serment/replica/holds';
import type { HolderView, MemberView } from '@serment/replica/vault';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTermWords } from '../../i18n/term-words.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useNow } from '../../ui/now.ts';
import { useDeviceName, useDeviceText, useRoleText } from './member-words.ts';
import { type DeviceAct, deviceActs, isOver, memberActs, standingOf, type Viewer } from './standing.ts';

/** What opens a sheet. */
export type Asking =
  | { readonly act: 'dates' }
  | { readonly act: 'withdraw'; readonly kit: HolderView }
  | { readonly act: 'revoke' | 'rename'; readonly device: HolderView };

interface MemberEntryProps {
  readonly member: MemberView;
  readonly viewer: Viewer;
  readonly onAsk: (asking: Asking) => void;
}

/** One member: who, until when, with what, and what can be done about each. */
export function MemberEntry({ member, viewer, onAsk }: MemberEntryProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const run = async (what: string, work: () => Promise<void>) => {
    setBusy(what);
    setError(null);
    try {
      await work();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(null);
    }
  };
  const act = (what: DeviceAct, device: HolderView) => {
    if (what === 'revoke' || what === 'rename') onAsk({ act: what, device });
    else void run(`${device.author} ${what}`, () => engine.desks.devices.setFrozen(device.author, what === 'freeze'));
  };
  const busyWords = (what: string | null, author: string) => {
    if (what === `${author} freeze`) return t('members.freezing');
    if (what === `${author} let-go`) return t('members.lettingGo');
    return what === `${author} unfreeze` ? t('members.unfreezing') : null;
  };
  const acts = memberActs(member, viewer);
  const standing = standingOf(member);
  const left = member.devices.filter(({ revokedAt, label }) => revokedAt === null && label !== 'invitation');
  const gone = member.devices.filter(({ revokedAt, label }) => revokedAt !== null && label !== 'invitation');
  const name = member.name ?? t('file.someone');
  return (
    <section className="member" aria-label={name}>
      <div className="member-head">
        <MemberWho member={member} name={name} isSelf={member.member === viewer.member} />
        <div className="member-acts">
          {member.member === viewer.member ? <Link to="/coffre/acces/appareil">{t('adding.title')}</Link> : null}
          {acts.includes('dates') ? (
            <button type="button" className="text-button" onClick={() => onAsk({ act: 'dates' })}>
              {t(member.term === null ? 'members.setDates' : 'members.dates')}
            </button>
          ) : null}
          {acts.includes('again') ? (
            <Link to="/coffre/membres/inviter" search={{ membre: member.member }}>
              {t('members.again')}
            </Link>
          ) : null}
          {acts.includes('cancel') ? (
            <button
              type="button"
              className="text-button"
              disabled={busy !== null}
              onClick={() => void run('cancel', () => engine.desks.members.cancelInvitation(member.member))}
            >
              {t('members.cancel')}
            </button>
          ) : null}
          {acts.includes('depart') || acts.includes('drafts') ? (
            <Link to="/coffre/membres/depart" search={{ membre: member.member }}>
              {t(acts.includes('depart') ? 'members.depart' : 'members.drafts')}
            </Link>
          ) : null}
        </div>
      </div>
      {left.map((device) => (
        <DeviceRow
          key={device.author}
          device={device}
          isThis={device.author === viewer.author}
          acts={deviceActs(device, member.member, viewer)}
          busy={busyWords(busy, device.author)}
          canRewind={viewer.canRewind}
          onAct={act}
        />
      ))}
      {member.kits
        .filter(({ revokedAt }) => revokedAt === null)
        .map((kit) => (
          <KitRow
            key={kit.author}
            kit={kit}
            onWithdraw={
              viewer.role === 'doctor' && member.member !== viewer.member ? () => onAsk({ act: 'withdraw', kit }) : null
            }
          />
        ))}
      {gone.length === 0 ? null : <GoneDevices devices={gone} isOpen={standing === 'out'} />}
      <p className="hidden-text" role="status">
        {busy === 'cancel' ? t('members.cancelling') : ''}
      </p>
      <Failure error={error} />
    </section>
  );
}

interface MemberWhoProps {
  readonly member: MemberView;
  readonly name: string;
  readonly isSelf: boolean;
}

function MemberWho({ member, name, isSelf }: MemberWhoProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useTermWords();
  const roleText = useRoleText();
  const now = useNow(60_000);
  const standing = standingOf(member);
  const invitation = member.devices.find(({ label, revokedAt }) => label === 'invitation' && revokedAt === null);
  const { term } = member;
  const told = [
    ...(isSelf ? [t('members.you')] : []),
    roleText(member.role),
    ...(term === null ? [] : [words.term(term)]),
  ].filter((text) => text !== '');
  return (
    <div>
      <h2 className="name">{name}</h2>
      <p className="muted row-text">{told.join(' · ')}</p>
      {invitation === undefined ? null : (
        <p className="amber row-text">{t('members.waiting', { when: format.ago(invitation.addedAt, now) })}</p>
      )}
      {standing === 'out' ? <p className="muted row-text">{t('members.out')}</p> : null}
      {standing !== 'out' && isOver(member, now) ? <p className="amber row-text">{t('members.over')}</p> : null}
    </div>
  );
}

interface DeviceRowProps {
  readonly device: HolderView;
  readonly isThis: boolean;
  readonly acts: readonly DeviceAct[];
  /** What is being done to it, in words. */
  readonly busy: string | null;
  readonly canRewind: boolean;
  readonly onAct: (act: DeviceAct, device: HolderView) => void;
}

function DeviceRow({ device, isThis, acts, busy, canRewind, onAct }: DeviceRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(30_000);
  const deviceText = useDeviceText();
  const deviceName = useDeviceName();
  const { frozenAt, hold, openedAt, enteredAt, usedAt, addedAt, author, name } = device;
  const since = frozenAt ?? hold?.since ?? null;
  const isEntered = enteredAt !== null && enteredAt > (openedAt ?? 0);
  const facts = [
    t('members.added', { day: format.day(addedAt) }),
    ...(isEntered ? [t('members.entered', { ago: format.ago(enteredAt, now) })] : []),
    ...(openedAt === null || isEntered ? [] : [t('members.opened', { ago: format.ago(openedAt, now) })]),
    ...(usedAt === null ? [] : [t('kits.servedOn', { when: format.moment(usedAt) })]),
  ];
  return (
    <div className="member-device">
      <div>
        <p>
          {name === null ? deviceText(device.label) : name}{' '}
          <span className="muted">
            {name === null ? '' : `· ${deviceText(device.label)} `}
            <code>{author.slice(0, 8)}</code>
          </span>
          {isThis ? <span className="muted"> · {t('members.this')}</span> : null}
        </p>
        <p className="muted">{facts.join(' · ')}</p>
        {frozenAt === null ? null : <p className="amber">{t('members.frozen', { when: format.ago(frozenAt, now) })}</p>}
        {hold === null ? null : (
          <p className="amber">{t(`members.held.${heldCause(hold)}`, { when: format.ago(hold.since, now) })}</p>
        )}
        {since === null || !canRewind ? null : (
          <p>
            <Link to="/coffre/passe" search={{ appareil: author, depuis: since - lookedBackMs }}>
              {t('members.seeWritten')}
            </Link>
          </p>
        )}
      </div>
      <div className="member-acts">
        <span className="muted" role="status">
          {busy ?? ''}
        </span>
        {busy !== null
          ? null
          : acts.map((act) => (
              <button
                key={act}
                type="button"
                className="text-button"
                aria-label={t('members.actOn', { act: t(`members.${act}`), device: deviceName(device) })}
                onClick={() => onAct(act, device)}
              >
                {t(`members.${act}`)}
              </button>
            ))}
      </div>
    </div>
  );
}

/** What a device did in the hour before it was held or stopped is looked at too. */
const lookedBackMs = 3_600_000;

function heldCause({ by, cause }: Hold): 'member' | 'read-much' | 'wrote-much' | 'unusual' {
  if (by !== null) return 'member';
  return cause === 'read-much' || cause === 'wrote-much' ? cause : 'unusual';
}

interface KitRowProps {
  readonly kit: HolderView;
  /** Null for one's own, which is replaced in the vault, and for whoever decides nothing. */
  readonly onWithdraw: (() => void) | null;
}

function KitRow({ kit, onWithdraw }: KitRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="member-device">
      <div>
        <p>{t('vault.kit', { testValue: kit.label })}</p>
        <p className="muted">{t('vault.kitAdded', { date: format.day(kit.addedAt) })}</p>
        {kit.usedAt === null ? null : (
          <p className="amber">{t('kits.servedOn', { when: format.moment(kit.usedAt) })}</p>
        )}
      </div>
      {onWithdraw === null ? null : (
        <div className="member-acts">
          <button
            type="button"
            className="text-button"
            aria-label={t('kits.actOn', { act: t('kits.withdraw'), testValue: kit.label })}
            onClick={onWithdraw}
          >
            {t('kits.withdraw')}
          </button>
        </div>
      )}
    </div>
  );
}

function GoneDevices({ devices, isOpen }: { readonly devices: readonly HolderView[]; readonly isOpen: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const deviceText = useDeviceText();
  return (
    <details className="member-gone" open={isOpen}>
      <summary className="muted row-text">{t('members.gone', { count: devices.length })}</summary>
      {devices.map(({ author, label, name, revokedAt }) => (
        <div key={author} className="member-device muted">
          <p>
            {name ?? deviceText(label)} <code>{author.slice(0, 8)}</code>
          </p>
          <p>{t('members.revokedOn', { day: format.day(revokedAt ?? 0) })}</p>
        </div>
      ))}
    </details>
  );
}
