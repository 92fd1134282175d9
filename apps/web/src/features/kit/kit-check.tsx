import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { PrintedKit } from '../../worker/protocol.ts';
import { StepFrame } from '../welcome/step-frame.tsx';
import './kit.css';

interface KitCheckProps {
  /** From 1; null outside the creation of a practice. */
  readonly step: number | null;
  readonly kit: PrintedKit;
  readonly submit: string;
  readonly working: string;
  /** Numbers, from 1, of the groups that were typed wrongly. */
  readonly check: (answers: readonly string[]) => Promise<readonly number[]>;
  /** What the kit is read back for. */
  readonly act: () => Promise<void>;
  readonly onSeeAgain: () => void;
}

/** Two groups read back from the sheet: without them nothing goes on. */
export function KitCheck({ step, kit, submit, working, check, act, onSeeAgain }: KitCheckProps) {
  const { t } = useTranslation();
  const [answers, setAnswers] = useState<readonly string[]>(kit.askedGroups.map(() => ''));
  const [wrong, setWrong] = useState<readonly number[]>([]);
  const { isBusy, error, run } = useAttempt();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    await run(async () => {
      const found = await check(answers);
      setWrong(found);
      if (found.length === 0) await act();
    });
  };
  return (
    <StepFrame step={step} title={t('creation.kit.checkTitle')} lead={t('creation.kit.checkLead')}>
      <form onSubmit={(event) => void send(event)} autoComplete="off">
        <div className="check-groups">
          {kit.askedGroups.map((place, answer) => (
            <TextInput
              key={place}
              label={t('creation.kit.group', { number: place + 1 })}
              value={answers[answer] ?? ''}
              maxLength={7}
              spellCheck={false}
              autoCapitalize="characters"
              error={wrong.includes(place + 1)}
              onChange={(event) => setAnswers(answers.with(answer, event.currentTarget.value))}
            />
          ))}
        </div>
        {wrong.length === 0 ? null : (
          <Notice tone="amber">{t('creation.kit.wrong', { count: wrong.length, groups: wrong.join(', ') })}</Notice>
        )}
        <Failure error={error} />
        <div className="step-actions">
          <Button type="submit" loading={isBusy} disabled={answers.some((answer) => answer.trim() === '')}>
            {submit}
          </Button>
          <Button variant="quiet" onClick={onSeeAgain} disabled={isBusy}>
            {t('creation.kit.seeAgain')}
          </Button>
          {isBusy ? (
            <span className="row-text muted" role="status">
              {working}
            </span>
          ) : null}
        </div>
      </form>
    </StepFrame>
  );
}
