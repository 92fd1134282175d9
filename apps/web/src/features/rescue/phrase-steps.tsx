import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { AskedValue } from '../../ui/asked-value.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { KitGroups } from '../kit/kit-groups.tsx';
import { StepFrame } from '../welcome/step-frame.tsx';
import { PhrasePaper } from './phrase-paper.tsx';

const groups = 4;

interface PhraseStepsProps {
  /** What its last button says. */
  readonly submit: string;
  /** Where the copies go, in words. */
  readonly place: string;
  readonly mark: string;
  /** Once a part of it was read back right. */
  readonly onChecked: () => Promise<void>;
  readonly onBack: () => void;
}

/** A passphrase, shown once, and a part of it read back. */
export function PhraseSteps({ submit, place, mark, onChecked, onBack }: PhraseStepsProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [isNoted, setNoted] = useState(false);
  const [group] = useState(() => Math.floor(Math.random() * groups));
  const asked = useAsked('phrase', () => engine.desks.rescue.draw());
  if (isNoted) return <ReadBack {...{ group, submit, onChecked }} onAgain={() => setNoted(false)} />;
  return (
    <StepFrame step={null} title={t('rescue.phrase.title')} lead={t('rescue.phrase.lead')}>
      <AskedValue asked={asked} loading={t('rescue.phrase.drawing')}>
        {(phrase) => (
          <>
            <div className="rescue-phrase">
              <KitGroups text={phrase} />
            </div>
            <PhrasePaper {...{ phrase, place, mark }} />
            <div className="step-actions">
              <Button onClick={() => window.print()}>{t('rescue.phrase.print')}</Button>
              <Button variant="default" onClick={() => setNoted(true)}>
                {t('rescue.phrase.noted')}
              </Button>
              <Button variant="quiet" onClick={onBack}>
                {t('rescue.back')}
              </Button>
            </div>
          </>
        )}
      </AskedValue>
    </StepFrame>
  );
}

interface ReadBackProps extends Pick<PhraseStepsProps, 'submit' | 'onChecked'> {
  readonly group: number;
  readonly onAgain: () => void;
}

function ReadBack({ group, submit, onChecked, onAgain }: ReadBackProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const { isBusy, error, run } = useAttempt();
  const number = group + 1;
  const check = (event: FormEvent) => {
    event.preventDefault();
    void run(async () => {
      const isRight = await engine.desks.rescue.check(group, typed);
      setWrong(!isRight);
      if (isRight) await onChecked();
    });
  };
  return (
    <StepFrame step={null} title={t('rescue.phrase.readBackTitle')} lead={t('rescue.phrase.readBack', { number })}>
      <form onSubmit={check} autoComplete="off">
        <div className="check-groups">
          <TextInput
            label={t('rescue.phrase.group', { number })}
            value={typed}
            maxLength={7}
            spellCheck={false}
            autoCapitalize="characters"
            error={isWrong}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        {isWrong ? <Notice tone="amber">{t('rescue.phrase.wrong')}</Notice> : null}
        <Failure error={error} />
        <div className="step-actions">
          <Button type="submit" loading={isBusy} disabled={typed.trim() === ''}>
            {submit}
          </Button>
          <Button variant="quiet" disabled={isBusy} onClick={onAgain}>
            {t('rescue.phrase.again')}
          </Button>
        </div>
      </form>
    </StepFrame>
  );
}
