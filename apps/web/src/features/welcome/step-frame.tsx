import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useTitle } from '../../ui/use-title.ts';

interface StepFrameProps {
  /** From 1; null outside the four steps. */
  readonly step: number | null;
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}

const stepCount = 4;

/** One step of a way in: its place, its title, which takes the focus so that a screen reader says it. */
export function StepFrame({ step, title, lead, children }: StepFrameProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another title is another step.
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, [title]);
  return (
    <div className="step-page">
      {step === null ? null : (
        <>
          <div className="step-dots" aria-hidden="true">
            {Array.from({ length: stepCount }, (_, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the dots are their places.
              <i key={place} data-done={place < step} />
            ))}
          </div>
          <p className="muted row-text">{t('welcome.step', { step })}</p>
        </>
      )}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {lead === undefined ? null : <p className="muted">{lead}</p>}
      {children}
    </div>
  );
}
