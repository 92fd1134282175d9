import { Link } from '@tanstack/react-router';
import type { FileView } from '../../file-view/view.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useSession } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { personName, safeName, useBirthText, useNameOrNone } from '../patients/person.tsx';

/** Which other records of this person are read with this one, or which one goes on in its place; each can be separated. */
export function MergeFacts({ file: { row, merged, mergedInto } }: { readonly file: FileView }) {
  const { t } = useTranslation();
  const name = useNameOrNone();
  const birth = useBirthText();
  if (merged.length === 0 && mergedInto === null) return null;
  return (
    <ul className="merge-facts">
      {mergedInto === null ? null : (
        <li>
          <span>{t('patientIdentity.mergedInto', { name: name(mergedInto) })}</span>
          <Link to="/patients/$id" params={{ id: mergedInto.id.slice('Patient/'.length) }}>
            {t('patientIdentity.openSurvivor')}
          </Link>
          <Separate gone={row.id} name={safeName(personName(row))} />
        </li>
      )}
      {merged.map((one) => (
        <li key={one.row.id}>
          <span>
            {t('patientIdentity.mergedFrom', { name: name(one.row), birth: birth(one.row) })}
            {one.isShut ? <span className="amber"> {t('patientIdentity.shut')}</span> : null}
          </span>
          {/* Of a chain, each record comes apart from the one that it was merged into. */}
          <Separate gone={one.row.id} name={safeName(personName(one.row))} />
        </li>
      ))}
    </ul>
  );
}

export function Separate({
  gone,
  name,
  onDone,
}: {
  readonly gone: string;
  readonly name: string;
  readonly onDone?: () => void;
}) {
  const { t } = useTranslation();
  const session = useSession();
  const { isBusy, error, run } = useAttempt();
  const separate = () =>
    run(async () => {
      const saved = await session.engine.desks.patients.separate(gone);
      session.saved({ id: saved.id, what: t('patientIdentity.separated'), patient: name });
      onDone?.();
    });
  return (
    <>
      <button type="button" className="text-button" disabled={isBusy} onClick={() => void separate()}>
        {t('patientIdentity.separate')}
      </button>
      <Failure error={error} />
    </>
  );
}
