import type { PracticeStatus } from '@serment/replica/practice-status';
import type { HolderView, VaultView } from '@serment/replica/vault';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { KitTest } from './kit-test.tsx';
import { KitWithdrawal } from './kit-withdrawal.tsx';
import { useKitWords } from './kit-words.ts';
import './kit.css';

interface KitSectionProps {
  readonly vault: VaultView;
  readonly status: PracticeStatus;
  /** A demonstration's kit nobody has. */
  readonly isDemo: boolean;
}

/** A member's kits, those that were withdrawn too: the paper is what a person answers for. */
export function KitSection({ vault, status, isDemo }: KitSectionProps) {
  const { t } = useTranslation();
  const [isTesting, setTesting] = useState(false);
  const [withdrawing, setWithdrawing] = useState<HolderView | null>(null);
  const kits = vault.members.find(({ member }) => member === status.member)?.kits ?? [];
  const valid = kits.filter(({ revokedAt }) => revokedAt === null);
  const isDoctor = status.role === 'doctor';
  const mayChange = isDoctor && !isDemo;
  const { opens } = useKitWords(status.role);
  return (
    <section>
      <h2>{t(isDoctor ? 'vault.yourPart' : 'kits.mine')}</h2>
      {isDoctor ? null : (
        <p className="vault-row muted">
          {t('kits.makeFirst')} {opens}
        </p>
      )}
      {kits.length === 0 ? <p className="vault-row muted">{t('kits.none')}</p> : null}
      {kits.map((kit) => (
        <KitRow
          key={kit.author}
          kit={kit}
          isDemo={isDemo}
          onWithdraw={mayChange && kit.revokedAt === null ? () => setWithdrawing(kit) : null}
        />
      ))}
      {isDoctor || valid.length === 0 ? null : <p className="vault-row muted">{t('kits.lostOther')}</p>}
      {isDemo ? null : (
        <p className="kit-row">
          <span className="kit-acts">
            {kits.length === 0 ? null : (
              <button type="button" className="text-button" onClick={() => setTesting(true)}>
                {t('vault.test')}
              </button>
            )}
            <Link to="/coffre/kit" search={{}}>
              {t(valid.length === 1 ? 'kits.makeSecond' : 'kits.make')}
            </Link>
          </span>
        </p>
      )}
      {isTesting ? <KitTest onClose={() => setTesting(false)} /> : null}
      {withdrawing === null ? null : (
        <KitWithdrawal kit={withdrawing} isLast={valid.length === 1} onClose={() => setWithdrawing(null)} />
      )}
    </section>
  );
}

interface KitRowProps {
  readonly kit: HolderView;
  readonly isDemo: boolean;
  /** Null for a kit that this person cannot change. */
  readonly onWithdraw: (() => void) | null;
}

function KitRow({ kit, isDemo, onWithdraw }: KitRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { label: testValue, addedAt, revokedAt, usedAt } = kit;
  const told =
    revokedAt !== null
      ? t('kits.withdrawnOn', { date: format.day(revokedAt) })
      : t('vault.kitAdded', { date: format.day(addedAt) });
  return (
    <div className="kit-row" data-testid="kit">
      <span className={revokedAt === null ? '' : 'muted'}>
        {t('vault.kit', { testValue })} <span className="muted">· {told}</span>
        {usedAt === null ? null : (
          <span className={revokedAt === null ? 'amber' : 'muted'}>
            {' '}
            · {t('kits.servedOn', { when: format.moment(usedAt) })}
          </span>
        )}
      </span>
      {isDemo ? <span className="muted">{t('vault.demoKit')}</span> : null}
      {onWithdraw === null ? null : (
        <span className="kit-acts">
          <Link
            to="/coffre/kit"
            search={{ remplace: kit.author }}
            aria-label={t('kits.actOn', { act: t('kits.replace'), testValue })}
          >
            {t('kits.replace')}
          </Link>
          <button
            type="button"
            className="text-button"
            aria-label={t('kits.actOn', { act: t('kits.withdraw'), testValue })}
            onClick={onWithdraw}
          >
            {t('kits.withdraw')}
          </button>
        </span>
      )}
    </div>
  );
}
