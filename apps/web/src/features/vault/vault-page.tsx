import type { PracticeStatus } from '@serment/replica/practice-status';
import type { VaultView } from '@serment/replica/vault';
import { Link } from '@tanstack/react-router';
import { Trans } from 'react-i18next';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useSessionState, useStatus } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Tick } from '../../ui/marks.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useNow } from '../../ui/now.ts';
import { useTitle } from '../../ui/use-title.ts';
import { KitNotices } from '../kit/kit-notices.tsx';
import { KitSection } from '../kit/kit-section.tsx';
import { RescueSection } from '../rescue/rescue-section.tsx';
import { Checkpoint } from './checkpoint.tsx';
import { useDrillWords } from './drill-words.ts';
import { Drills } from './drills.tsx';
import { Events } from './events.tsx';
import { findingMeanings } from './journal-words.ts';
import { CopiesLine, ProofLine, provenCopy } from './lines.tsx';
import { Members } from './members.tsx';
import { RefusedSaves } from './refused-saves.tsx';
import { Rereads } from './rereads.tsx';
import { Restored } from './restored.tsx';
import { Witnesses } from './witnesses.tsx';
import './vault.css';

/** What is kept, where, and what of it is proven: figures that were measured, and none that was not. */
export function VaultPage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const status = useStatus();
  const isDemo = useSessionState().engine.current?.isDemo === true;
  const { value: vault, error } = useAsked('vault', () => engine.desks.vault.view(), status?.size);
  useTitle(t('vault.title'));
  if (status === null) return null;
  const isReader = status.compartments.includes('clinical');
  return (
    <div className="vault">
      <VaultNotices status={status} vault={vault} />
      <div className="vault-top">
        <div>
          <h1 className="muted vault-title">{t('vault.title')}</h1>
          <Lead status={status} />
          {isReader ? (
            <div className="vault-actions">
              <Link to="/coffre/passe" className="ink-button">
                {t('rewind.title')}
              </Link>
              <Link to="/coffre/copie" className="link-button">
                {t('copyRestore.title')}
              </Link>
            </div>
          ) : null}
          <p className="vault-ways">
            <Link to="/coffre/hebergeur" search={{}}>
              {t('host.title')}
            </Link>
            <Link to="/coffre/acces">{t('ways.title')}</Link>
            {isReader ? <Link to="/coffre/tables">{t('tables.title')}</Link> : null}
          </p>
        </div>
        <dl className="three">
          <HereLine status={status} />
          <CopiesLine status={status} />
          <ProofLine status={status} />
        </dl>
      </div>
      <Failure error={error} />
      {vault === null ? (
        <p className="muted row-text vault-rows" role="status">
          {t('vault.loading')}
        </p>
      ) : (
        <div className="vault-rows">
          <Members vault={vault} status={status} />
          <KitSection vault={vault} status={status} isDemo={isDemo} />
          {isReader ? <RescueSection status={status} /> : null}
          <Events size={vault.size} />
          <HostSees />
          <Drills status={status} />
          <Witnesses status={status} />
          <Rereads status={status} />
          <Checkpoint vault={vault} />
        </div>
      )}
    </div>
  );
}

function Lead({ status }: { readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(15_000);
  const words = useDrillWords();
  const { restored, lastSyncAt } = status;
  const proven = provenCopy(status);
  const time = restored === null ? format.time(lastSyncAt ?? now) : format.moment(restored.at);
  const values = {
    ...{ time, entries: format.number(status.size), pending: format.number(status.pending) },
    duration: proven === null ? '' : words.duration(proven.durationMs),
  };
  return (
    <p className="vault-lead">
      <Trans t={t} i18nKey={leadOf(status, proven !== null)} values={values} components={{ b: <b /> }} />
    </p>
  );
}

function leadOf({ hostLie, restored, online, isFailing, pending }: PracticeStatus, isProven: boolean) {
  if (hostLie !== null) return 'vault.leadLie';
  if (restored !== null) return 'vault.leadRestored';
  if (!online) return isFailing ? 'vault.leadFailing' : 'vault.leadOffline';
  if (pending > 0) return 'vault.leadPending';
  return isProven ? 'drills.leadProven' : 'vault.leadVerified';
}

function HereLine({ status }: { readonly status: PracticeStatus }) {
  const { t } = useTranslation();
  const silence =
    status.restored !== null ? 'vault.toConfirm' : status.isFailing ? 'vault.hostFailing' : 'vault.unreachable';
  return (
    <div>
      <dt>{t('vault.here')}</dt>
      <dd>
        <b>{t('vault.hereName')}</b>
        <br />
        <span className="muted">{t('vault.hereDetail')}</span>
      </dd>
      <dd className={`state ${status.online ? 'proven' : 'amber'}`}>
        {status.online ? (
          <>
            <Tick /> {t('vault.durable')}
          </>
        ) : (
          t(silence)
        )}
      </dd>
    </div>
  );
}

function HostSees() {
  const { t } = useTranslation();
  return (
    <section>
      <h2>{t('vault.hostSees')}</h2>
      <p className="vault-row">{t('vault.hostSees1')}</p>
      <p className="vault-row">{t('vault.hostSees2')}</p>
      <div className="vault-row">
        <span>{t('vault.hostSees3')}</span>
        <Link to="/coffre/hebergeur" search={{}}>
          {t('vault.seeAsHost')}
        </Link>
      </div>
    </section>
  );
}

interface VaultNoticesProps {
  readonly status: PracticeStatus;
  /** Null while it is read. */
  readonly vault: VaultView | null;
}

function VaultNotices({ status, vault }: VaultNoticesProps) {
  const { t } = useTranslation();
  const { hostLie, restored, refused, findings } = status;
  return (
    <div className="vault-notices">
      {hostLie === null ? null : (
        <Notice tone="red" title={t('shield.host-lies')}>
          {t('shieldWhy.why.host-lies')} <code className="muted">{hostLie}</code>
        </Notice>
      )}
      {findings.length === 0 ? null : (
        <Notice tone="red" title={t('shield.findings', { count: findings.length })}>
          {findings.slice(0, shownFindings).map(({ index, code }) => {
            const why = t(`vault.findingWhy.${findingMeanings[code]}`);
            return (
              <span className="notice-line" key={`${index} ${code}`}>
                {index === null ? t('vault.findingOfAll', { why }) : t('vault.finding', { index, why })}{' '}
                <code className="muted">{code}</code>
              </span>
            );
          })}
        </Notice>
      )}
      {refused === 0 ? null : <RefusedSaves count={refused} />}
      {vault === null ? null : <KitNotices vault={vault} status={status} />}
      <Restored restored={restored} isDoctor={status.role === 'doctor'} />
    </div>
  );
}

const shownFindings = 12;
