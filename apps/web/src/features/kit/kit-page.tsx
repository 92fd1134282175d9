import { Button } from '@mantine/core';
import type { HolderView } from '@serment/replica/vault';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useStatus } from '../../session/use-session.ts';
import { AskedValue } from '../../ui/asked-value.tsx';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTitle } from '../../ui/use-title.ts';
import type { PrintedKit } from '../../worker/protocol.ts';
import { useRoleText } from '../members/member-words.ts';
import { StepFrame } from '../welcome/step-frame.tsx';
import { KitCheck } from './kit-check.tsx';
import { KitPaper } from './kit-paper.tsx';
import { KitStep } from './kit-step.tsx';
import { useKitWords } from './kit-words.ts';
import '../welcome/welcome.css';
import './kit.css';

/** A new kit of this member, beside the others or, for a doctor, in the place of the one that the address names. */
export function KitPage() {
  const { t } = useTranslation();
  const engine = useEngine();
  const status = useStatus();
  const roleText = useRoleText();
  const { remplace }: { remplace?: string } = useSearch({ strict: false });
  const asked = useAsked('kits', () => engine.desks.vault.view());
  useTitle(t('kits.make'));
  if (status === null) return null;
  return (
    <div className="kit-page">
      <BackLink to="/coffre">{t('vault.title')}</BackLink>
      {status.role !== 'doctor' && remplace !== undefined ? (
        <Notice tone="amber">{t('kits.doctorReplaces')}</Notice>
      ) : (
        <AskedValue asked={asked} loading={t('vault.loading')}>
          {({ members }) => {
            const kits = members.find(({ member }) => member === status.member)?.kits ?? [];
            const replaced = kits.find(({ author }) => author === remplace) ?? null;
            return (
              <NewKit
                key={remplace}
                replaced={replaced}
                isGone={remplace !== undefined && (replaced === null || replaced.revokedAt !== null)}
                isFirst={kits.every(({ revokedAt }) => revokedAt !== null)}
                practiceName={status.practiceName ?? ''}
                holder={{ name: status.memberName ?? roleText(status.role), role: status.role }}
              />
            );
          }}
        </AskedValue>
      )}
    </div>
  );
}

interface NewKitProps {
  /** Null for one beside those that stand. */
  readonly replaced: HolderView | null;
  /** Whether what was to be replaced is no kit that opens. */
  readonly isGone: boolean;
  /** Whether its member has no other that opens. */
  readonly isFirst: boolean;
  readonly practiceName: string;
  readonly holder: { readonly name: string; readonly role: string };
}

function NewKit({ replaced, isGone, isFirst, practiceName, holder }: NewKitProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const navigate = useNavigate();
  const { opens } = useKitWords(holder.role);
  const [kit, setKit] = useState<PrintedKit | null>(null);
  const [step, setStep] = useState<'kit' | 'check' | 'done'>('kit');
  // What the journal says of it once it is withdrawn changes under this page.
  const [old] = useState({ kit: replaced, isGone, isFirst });
  const { error, run } = useAttempt();
  const isStarted = useRef(false);
  const draw = () => run(async () => setKit(await engine.desks.kits.draw()));
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn once, and again when a person asks.
  useEffect(() => {
    if (isStarted.current || old.isGone) return;
    isStarted.current = true;
    void draw();
  }, []);
  const leave = () => void navigate({ to: '/coffre' });
  if (old.isGone) return <Notice tone="amber">{t('kits.gone')}</Notice>;
  const mark = old.kit?.label ?? '';
  const beside =
    `${t(old.isFirst ? 'kits.makeFirst' : 'kits.makeLead')} ${holder.role === 'doctor' ? '' : opens}`.trim();
  const lead = old.kit === null ? beside : t('kits.replaceLead', { old: mark });
  if (step === 'done' && kit !== null)
    return (
      <StepFrame
        step={null}
        title={t('kits.doneTitle', { testValue: kit.testValue })}
        lead={t(old.kit !== null ? 'kits.doneReplaced' : old.isFirst ? 'kits.doneFirst' : 'kits.doneBeside', {
          old: mark,
        })}
      >
        <div className="step-actions">
          <Button onClick={leave}>{t('kits.back')}</Button>
        </div>
      </StepFrame>
    );
  const failure =
    error === null ? null : (
      <Failure
        error={error}
        action={
          <Button variant="default" onClick={() => void draw()}>
            {t('app.retry')}
          </Button>
        }
      />
    );
  return (
    <>
      {step === 'check' && kit !== null ? (
        <KitCheck
          step={null}
          kit={kit}
          submit={t(old.kit === null ? 'kits.name' : 'kits.nameReplacing')}
          working={t(old.kit === null ? 'kits.naming' : 'kits.replacing')}
          check={engine.desks.kits.checkDrawn}
          act={async () => {
            await engine.desks.kits.nameDrawn(old.kit === null ? [] : [old.kit.author]);
            setStep('done');
          }}
          onSeeAgain={() => setStep('kit')}
        />
      ) : (
        <KitStep
          step={null}
          title={t(old.kit === null ? 'kits.make' : 'kits.replaceTitle', { old: mark })}
          lead={lead}
          warning={t('kits.void')}
          failure={failure}
          kit={kit}
          practiceName={practiceName}
          holderRole={holder.role}
          onChecked={() => setStep('check')}
        >
          <Button variant="quiet" onClick={leave}>
            {t('kits.later')}
          </Button>
        </KitStep>
      )}
      {kit === null ? null : <KitPaper kit={kit} practiceName={practiceName} holder={holder} />}
    </>
  );
}
