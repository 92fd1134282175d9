import { ageInDays } from '@serment/records/growth/child';
import { lastGrowthDay } from '@serment/records/growth/growth-table';
import { Link } from '@tanstack/react-router';
import type { FileView } from '../../file-view/view.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine, useSession } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { personName, safeName } from '../patients/person.tsx';
import { useGrowthWords } from './growth-words.ts';
import type { NotingProps } from './noting.tsx';
import { useOfPatient } from './use-measures.ts';

interface MeasuresPartProps extends NotingProps {
  readonly file: FileView;
  readonly patient: string;
}

/** In the margin of a file: to note measures, to see their curves, and where a small child's growth stands. */
export function MeasuresPart({ file, patient, noting, onNoting }: MeasuresPartProps) {
  const { t } = useTranslation();
  const session = useSession();
  const { kept } = noting;
  const { error, run } = useAttempt();
  const id = patient.slice('Patient/'.length);
  const undo = (save: string) =>
    run(async () => {
      const saved = await session.engine.desks.measures.undo(save);
      session.saved({ id: saved.id, what: t('measures.undone'), patient: safeName(personName(file.row)) });
      onNoting({ isOpen: false, kept: null });
    });
  const isSmall = isUnderFive(file.row.birthDate);
  return (
    <section className="measures-part">
      <h2>{t('measures.title')}</h2>
      {isSmall ? <LastGrowth patient={patient} /> : null}
      {kept === null ? null : (
        <Notice
          tone="plain"
          action={
            <button type="button" className="text-button" onClick={() => void undo(kept)}>
              {t('measures.undo')}
            </button>
          }
        >
          {t('measures.kept')}
        </Notice>
      )}
      <Failure error={error} />
      <ul>
        <li>
          <button type="button" className="text-button" onClick={() => onNoting({ isOpen: true, kept: null })}>
            {t('measures.add')}
          </button>
        </li>
        <li>
          <Link to="/patients/$id/mesures" params={{ id }} className="text-button">
            {t('measures.all')}
          </Link>
        </li>
        {isSmall ? (
          <li>
            <Link to="/patients/$id/croissance" params={{ id }} className="text-button">
              {t('growth.see')}
            </Link>
          </li>
        ) : null}
      </ul>
    </section>
  );
}

/** The last z-scores; nothing where there is no table to place them in, which the page of growth says. */
function LastGrowth({ patient }: { readonly patient: string }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const words = useGrowthWords();
  const { value } = useOfPatient('last growth', patient, () => engine.desks.measures.lastGrowth(patient));
  if (value === null || value.length === 0) return null;
  return (
    <ul>
      {value.map((point) => (
        <li key={point.indicator}>
          <span>
            {t(`growth.indicator.${point.indicator}`)} {words.value(point)}
          </span>
          <span className="muted">{words.z(point.z)}</span>
        </li>
      ))}
    </ul>
  );
}

function isUnderFive(birthDate: string | null): boolean {
  const days = birthDate === null ? null : ageInDays(birthDate, new Date().toISOString());
  return days !== null && days <= lastGrowthDay;
}
