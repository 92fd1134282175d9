import { useTranslation } from '../../i18n/use-translation.ts';
import { Sheet } from '../../ui/dialog.tsx';
import './problem.css';

const problems = ['theft', 'virus', 'password', 'internet', 'kit', 'departure'] as const;
export type Problem = (typeof problems)[number];

interface ProblemSheetProps {
  readonly onClose: () => void;
  /** Leads to where it is mended; null on the lock screen, where nothing is open. */
  readonly onGo: ((problem: Problem) => void) | null;
}

/** For whoever is worried: first what is safe, then the one thing to do. */
export function ProblemSheet({ onClose, onGo }: ProblemSheetProps) {
  const { t } = useTranslation();
  return (
    <Sheet title={t('problem.title')} onClose={onClose}>
      <div className="problems">
        {problems.map((problem) => (
          <details key={problem} name="problem">
            <summary>{t(`problem.${problem}.title`)}</summary>
            <p>{t(`problem.${problem}.safe`)}</p>
            <p>{t(onGo === null ? `problem.${problem}.locked` : `problem.${problem}.now`)}</p>
            {onGo === null ? null : (
              <button type="button" className="text-button" onClick={() => onGo(problem)}>
                {t(`problem.${problem}.go`)}
              </button>
            )}
          </details>
        ))}
      </div>
    </Sheet>
  );
}
