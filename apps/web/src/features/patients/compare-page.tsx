import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine, useSession } from '../../session/use-session.ts';
import { BackLink } from '../../ui/back-link.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useTitle } from '../../ui/use-title.ts';
import type { ComparedRecord } from '../../worker/patients-desk.ts';
import { personName, safeName, useBirthText, useNameOrNone } from './person.tsx';

interface CompareProps {
  readonly left: string;
  readonly right: string;
}

/** Two records side by side, and which of them goes on if they are one person's. */
export function ComparePage({ left, right }: CompareProps) {
  const { t } = useTranslation();
  const session = useSession();
  const engine = useEngine();
  const navigate = useNavigate();
  const language = useLanguage();
  const nameOf = useNameOrNone();
  const { value, error, again } = useAsked(`compare ${left} ${right} ${language}`, () =>
    engine.desks.patients.compare(left, right, language),
  );
  const [done, setDone] = useState<{ readonly kept: ComparedRecord; readonly gone: ComparedRecord } | null>(null);
  const attempt = useAttempt();
  useTitle(t('duplicates.compareTitle'));
  const merge = (kept: ComparedRecord, gone: ComparedRecord) =>
    attempt.run(async () => {
      const versions = { kept: kept.versions, gone: gone.versions };
      const saved = await engine.desks.patients.merge({ kept: kept.row.id, gone: gone.row.id, versions });
      session.saved({ id: saved.id, what: t('duplicates.merged'), patient: safeName(personName(kept.row)) });
      setDone({ kept, gone });
    });
  const undo = (gone: ComparedRecord) =>
    attempt.run(async () => {
      const saved = await engine.desks.patients.separate(gone.row.id);
      session.saved({ id: saved.id, what: t('patientIdentity.separated'), patient: safeName(personName(gone.row)) });
      setDone(null);
      again();
    });
  const columns =
    value === null
      ? []
      : ([
          [value.left, value.right],
          [value.right, value.left],
        ] as const);
  const isConflict = value?.left.isConflict === true || value?.right.isConflict === true;
  return (
    <div className="page duplicates-page compare-page">
      <BackLink to="/doublons" search={{}}>
        {t('duplicates.back')}
      </BackLink>
      <h1>{t('duplicates.compareTitle')}</h1>
      <p className="muted">{t('duplicates.compareLead')}</p>
      <Failure error={error ?? attempt.error} />
      {isConflict ? <Notice tone="amber">{t('patientIdentity.conflict')}</Notice> : null}
      {done === null ? null : (
        <Notice
          tone="plain"
          action={
            <span className="compare-acts">
              <Link to="/patients/$id" params={{ id: done.kept.row.id.slice('Patient/'.length) }}>
                {t('duplicates.open')}
              </Link>
              <button
                type="button"
                className="text-button"
                disabled={attempt.isBusy}
                onClick={() => void undo(done.gone)}
              >
                {t('duplicates.undo')}
              </button>
            </span>
          }
        >
          {t('duplicates.mergedDone', { name: nameOf(done.kept.row) })}
        </Notice>
      )}
      <div className="compared">
        {columns.map(([one, other]) => (
          <section key={one.row.id} aria-label={nameOf(one.row)}>
            <Head record={one} />
            <dl>
              {one.texts.map(([label, text], place) => {
                const isOther = text !== (other.texts[place]?.[1] ?? '');
                if (text === '' && !isOther) return null;
                return (
                  <div key={label} data-other={isOther}>
                    <dt>{label}</dt>
                    <dd>
                      {text === '' ? <span className="faint">{t('duplicates.absent')}</span> : safeName(text)}
                      {isOther ? <span className="hidden-text"> ({t('duplicates.difference')})</span> : null}
                    </dd>
                  </div>
                );
              })}
            </dl>
            {done === null ? (
              <Button variant="default" disabled={attempt.isBusy || isConflict} onClick={() => void merge(one, other)}>
                {t('duplicates.keep')}
              </Button>
            ) : null}
          </section>
        ))}
      </div>
      {done === null && value !== null ? (
        <Button variant="quiet" onClick={() => void navigate({ to: '/doublons', search: {} })}>
          {t('duplicates.notSame')}
        </Button>
      ) : null}
    </div>
  );
}

function Head({ record: { row } }: { readonly record: ComparedRecord }) {
  const name = useNameOrNone();
  const birth = useBirthText();
  return (
    <h2>
      {name(row)} <span className="birth">{birth(row)}</span>
    </h2>
  );
}
