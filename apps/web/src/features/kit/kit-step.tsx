import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import type { PrintedKit } from '../../worker/protocol.ts';
import { StepFrame } from '../welcome/step-frame.tsx';
import { KitGroups, Qr } from './kit-groups.tsx';
import { useKitWords } from './kit-words.ts';
import './kit.css';
import { download } from '../../ui/download.ts';

interface KitStepProps {
  /** From 1; null outside the creation of a practice. */
  readonly step: number | null;
  readonly title: string;
  readonly lead: string;
  /** What is to be known before it is printed. */
  readonly warning: string;
  /** Shown in the place of the kit when it could not be made. */
  readonly failure: ReactNode;
  /** Null while its keys are made. */
  readonly kit: PrintedKit | null;
  readonly practiceName: string;
  /** Of who holds it. */
  readonly holderRole: string;
  readonly onChecked: () => void;
  /** The way out, where there is one. */
  readonly children?: ReactNode;
}

/** A new kit, to be printed or saved: the way on stands out once it was. */
export function KitStep({
  step,
  title,
  lead,
  warning,
  failure,
  kit,
  practiceName,
  holderRole,
  onChecked,
  children,
}: KitStepProps) {
  const { t } = useTranslation();
  const words = useKitWords(holderRole);
  const format = useFormat();
  const [isKept, setKept] = useState(false);
  if (kit === null)
    return (
      <StepFrame step={step} title={title} lead={lead}>
        <div className="step-wait">
          {failure ?? (
            <p className="aside-note" role="status">
              {t('creation.kit.preparing')}
            </p>
          )}
        </div>
        {children === undefined ? null : <div className="step-actions">{children}</div>}
      </StepFrame>
    );
  const save = () => {
    const lines = [
      `Serment — ${t('creation.paper.title')} ${t('creation.paper.of', { practice: practiceName })}`,
      `${t('creation.paper.testValue')} : ${kit.testValue}    ${t('creation.paper.made')} ${format.day(Date.now())}`,
      `${t('creation.paper.practiceId')} : ${kit.practice}`,
      ...['', kit.text, '', `${words.opens} ${t('creation.paper.serves')}`, words.where, ''],
      ...[words.endTitle, words.end, ''],
    ];
    const text = new Blob(['\ufeff', lines.join('\r\n')], { type: 'text/plain;charset=utf-8' });
    download(t('creation.kit.fileName'), text);
  };
  return (
    <StepFrame step={step} title={title} lead={lead}>
      <div className="kit-card">
        <KitGroups text={kit.text} />
        <div className="kit-side">
          <Qr text={kit.qr} size={132} />
          <p>
            {t('creation.paper.testValue')} <b className="kit-test-value">{kit.testValue}</b>
          </p>
        </div>
      </div>
      <p className="row-text">
        <b>{warning}</b>
      </p>
      <div className="step-actions">
        <Button
          variant={isKept ? 'default' : 'filled'}
          onClick={() => {
            setKept(true);
            window.print();
          }}
        >
          {t('creation.kit.print')}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            setKept(true);
            save();
          }}
        >
          {t('creation.kit.save')}
        </Button>
        <Button variant={isKept ? 'filled' : 'quiet'} onClick={onChecked}>
          {t('creation.kit.printed')}
        </Button>
        {children}
      </div>
    </StepFrame>
  );
}
