import { Button } from '@mantine/core';
import { formatNir } from '@serment/records/identifiers/nir';
import type { PatientRow } from '@serment/replica/directory';
import type { Proposal } from '@serment/replica/identity-match';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useSession } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Triangle } from '../../ui/marks.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { ReceivedView } from '../../worker/inbox-desk.ts';
import { PatientChoice } from '../deposits/patient-choice.tsx';
import { personName, safeName, useBirthText, useNameOrNone } from '../patients/person.tsx';

interface ProposalsProps {
  readonly received: ReceivedView;
  readonly onFiled: (patient: PatientRow) => void;
}

/** Whose it may be, in words; a person says whose it is. */
export function Proposals({ received, onFiled }: ProposalsProps) {
  const { t } = useTranslation();
  const session = useSession();
  const { isBusy, error, run } = useAttempt();
  const { proposals, identity, item } = received;
  const [isChoosing, setChoosing] = useState(false);
  const [chosen, setChosen] = useState<PatientRow | null>(null);
  const attach = (row: PatientRow) =>
    void run(async () => {
      const { id } = await session.engine.desks.inbox.file(item.id, row.id);
      session.saved({ id, what: t('inbox.attached'), patient: safeName(personName(row)) });
      onFiled(row);
    });
  return (
    <section className="inbox-whose" aria-label={t('inbox.whose')}>
      <h3>{t('inbox.whose')}</h3>
      {identity === null ? <p className="muted">{t('inbox.noIdentity')}</p> : <Identity received={received} />}
      {identity !== null && proposals.length === 0 ? <p className="muted">{t('inbox.noProposal')}</p> : null}
      <ul className="inbox-proposals">
        {proposals.map((proposal) => (
          <Proposed key={proposal.row.id} proposal={proposal} isBusy={isBusy} onAttach={attach} />
        ))}
        {chosen === null ? null : (
          <li>
            <Attach row={chosen} isBusy={isBusy} isFirst={false} onAttach={attach} />
          </li>
        )}
      </ul>
      {isChoosing || identity === null || proposals.length === 0 ? (
        <PatientChoice
          onChoose={(row) => {
            setChosen(row);
            setChoosing(false);
          }}
        />
      ) : (
        <button type="button" className="text-button" onClick={() => setChoosing(true)}>
          {t('inbox.otherPatient')}
        </button>
      )}
      <Failure error={error} />
    </section>
  );
}

function Identity({ received }: Pick<ProposalsProps, 'received'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const { identity } = received;
  if (identity === null) return null;
  const { family, birthFamily, given, birthDate, sex, nir } = identity;
  const told = [
    ['family', family],
    ['birthFamily', birthFamily ?? ''],
    ['given', given],
    ['birthDate', birthDate === null ? '' : format.fhirDay(birthDate)],
    ['sex', sex === null ? '' : t(`inbox.${sex}`)],
    ['identifier', formatNir(nir ?? '')],
  ] as const;
  return (
    <dl className="inbox-identity" aria-label={t('inbox.identity')}>
      {told.map(([name, value]) =>
        value === '' ? null : (
          <div key={name}>
            <dt>{t(`inbox.${name}`)}</dt>
            <dd>{safeName(value)}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

interface ProposedProps {
  readonly proposal: Proposal;
  readonly isBusy: boolean;
  readonly onAttach: (row: PatientRow) => void;
}

function Proposed({ proposal, isBusy, onAttach }: ProposedProps) {
  const { t } = useTranslation();
  const { row, confidence, same, different, homonyms } = proposal;
  const traits = (list: Proposal['same']) => list.map((trait) => t(`inbox.trait.${trait}`)).join(', ');
  return (
    <li>
      <p className="row-text">
        <b>{t(`inbox.confidence.${confidence}`)}</b>{' '}
        <span className="muted">{t('inbox.same', { traits: traits(same) })}</span>{' '}
        {different.length === 0 ? null : (
          <span className="red">{t('inbox.different', { traits: traits(different) })}</span>
        )}
      </p>
      {homonyms === 0 ? null : (
        <p className="amber row-text">
          <Triangle /> {t('inbox.homonym', { count: homonyms })}
        </p>
      )}
      <Attach row={row} isBusy={isBusy} isFirst={confidence !== 'possible' && homonyms === 0} onAttach={onAttach} />
    </li>
  );
}

interface AttachProps extends Omit<ProposedProps, 'proposal'> {
  readonly row: PatientRow;
  /** What stands out; never one that is to be looked at first. */
  readonly isFirst: boolean;
}

function Attach({ row, isBusy, isFirst, onAttach }: AttachProps) {
  const { t } = useTranslation();
  const nameOf = useNameOrNone();
  const birthOf = useBirthText();
  return (
    <p className="inbox-attach">
      <Button variant={isFirst ? 'filled' : 'default'} loading={isBusy} onClick={() => onAttach(row)}>
        {t('inbox.attach', { name: nameOf(row) })}
      </Button>{' '}
      <span className="muted">{birthOf(row)}</span>
    </p>
  );
}
