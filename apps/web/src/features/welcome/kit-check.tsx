import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { PrintedKit } from '../../worker/protocol.ts';
import { StepFrame } from './step-frame.tsx';
import './kit.css';

interface KitCheckProps {
  readonly kit: PrintedKit;
  readonly password: string;
  readonly onSeeAgain: () => void;
  readonly onCreated: () => void;
}

/** Two groups read back from the sheet: without them the practice is not created. */
export function KitCheck({ kit, password, onSeeAgain, onCreated }: KitCheckProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [answers, setAnswers] = useState<readonly string[]>(kit.askedGroups.map(() => ''));
  const [wrong, setWrong] = useState<readonly number[]>([]);
  const { isBusy, error, run } = useAttempt();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    await run(async () => {
      const found = await engine.checkKit(answers);
      setWrong(found);
      if (found.length > 0) return;
      await engine.create(password);
      onCreated();
    });
  };
  return (
    <StepFrame step={3} title={t('creation.kit.checkTitle')} lead={t('creation.kit.checkLead')}>
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
            {t('creation.kit.check')}
          </Button>
          <Button variant="quiet" onClick={onSeeAgain} disabled={isBusy}>
            {t('creation.kit.seeAgain')}
          </Button>
          {isBusy ? (
            <span className="row-text muted" role="status">
              {t('creation.kit.creating')}
            </span>
          ) : null}
        </div>
      </form>
    </StepFrame>
  );
}
