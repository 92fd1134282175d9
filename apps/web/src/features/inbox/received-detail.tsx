import type { PatientRow } from '@serment/replica/directory';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { useNow } from '../../ui/now.ts';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { ReceivedView, WaitingRow } from '../../worker/inbox-desk.ts';
import { safeName, useBirthText, useNameOrNone } from '../patients/person.tsx';
import { OriginalText } from './original-text.tsx';
import { Proposals } from './proposals.tsx';
import { Routed } from './received-list.tsx';
import { ResultsTable } from './results-table.tsx';
import { Seen, ToTell } from './seen.tsx';

interface ReceivedDetailProps {
  readonly item: WaitingRow;
  readonly onFiled: (patient: PatientRow) => void;
  /** Read, or told: the next one comes. */
  readonly onDone: () => void;
}

/** One that waits: whose it is, what it says, and what is to be done about it. */
export function ReceivedDetail({ item, onFiled, onDone }: ReceivedDetailProps) {
  const { t } = useTranslation();
  const engine = useEngine();
  const language = useLanguage();
  const heading = useRef<HTMLHeadingElement>(null);
  const { value, error } = useAsked(
    `received ${item.id} ${item.kind} ${language}`,
    () => engine.desks.inbox.content(item.id, language),
    item.kind,
  );
  // Whoever goes to another one reads from its beginning.
  useEffect(() => heading.current?.focus(), []);
  if (item.isRestricted) return <p className="muted">{t('inbox.restrictedText')}</p>;
  return (
    <article className="inbox-detail" aria-label={safeName(item.title)}>
      <Head item={item} heading={heading} />
      <Failure error={error} />
      {value === null && error === null ? (
        <p className="muted row-text" role="status">
          {t('inbox.loading')}
        </p>
      ) : null}
      {value === null ? null : (
        <>
          {item.kind === 'to-file' ? <Proposals received={value} onFiled={onFiled} /> : null}
          {value.report === null ? null : <ResultsTable report={value.report} />}
          <Original received={value} />
          {item.kind === 'to-read' ? <Seen item={item} onDone={onDone} /> : null}
          {item.kind === 'to-tell' ? <ToTell item={item} onDone={onDone} /> : null}
        </>
      )}
    </article>
  );
}

interface HeadProps {
  readonly item: WaitingRow;
  readonly heading: React.RefObject<HTMLHeadingElement | null>;
}

function Head({ item, heading }: HeadProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(30_000);
  const nameOf = useNameOrNone();
  const birthOf = useBirthText();
  const { patient, title, at } = item;
  return (
    <header>
      <h2 ref={heading} tabIndex={-1}>
        {patient === null ? t('inbox.noPatient') : nameOf(patient)}
      </h2>
      {patient === null ? null : (
        <p className="muted">
          {birthOf(patient)}{' '}
          <Link to="/patients/$id" params={{ id: patient.id.slice('Patient/'.length) }}>
            {t('inbox.openFile')}
          </Link>
        </p>
      )}
      <p>
        {safeName(title)} <span className="muted">{t('inbox.receivedAt', { when: format.moment(at, now) })}</span>{' '}
        <Routed item={item} />
      </p>
    </header>
  );
}

/** The text that it came as, or the document to open. */
function Original({ received }: { readonly received: ReceivedView }) {
  const engine = useEngine();
  const { document, report, item } = received;
  if (document === null) return null;
  const isText = document.mediaType === 'text/plain' || document.mediaType === 'application/xml';
  return (
    <>
      <Document id={item.id} document={document} />
      {isText ? (
        <OriginalText name={item.id} ask={() => engine.desks.inbox.text(item.id)} isOpen={report === null} />
      ) : null}
    </>
  );
}

/** What browsers show as a picture, and nothing that they run. */
const shownTypes = new Set(['image/jpeg', 'image/png']);

interface DocumentProps {
  readonly id: string;
  readonly document: NonNullable<ReceivedView['document']>;
}

function Document({ id, document }: DocumentProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const engine = useEngine();
  const { isBusy, error, run } = useAttempt();
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => () => (address === null ? undefined : URL.revokeObjectURL(address)), [address]);
  const open = () =>
    run(async () => {
      const bytes = await engine.desks.inbox.document(id);
      // Whatever its sender called it, nothing but a picture is given a type that a browser acts upon.
      const type = shownTypes.has(bytes.type) ? bytes.type : 'application/octet-stream';
      setAddress(URL.createObjectURL(new Blob([bytes], { type })));
    });
  const name = safeName(document.name) || t('deposits.document');
  return (
    <div className="inbox-document">
      <p className="row-text">
        {name} <span className="muted">{t('inbox.size', { size: format.size(document.size) })}</span>{' '}
        {address === null ? (
          <button type="button" className="text-button" disabled={isBusy} onClick={() => void open()}>
            {t(isBusy ? 'inbox.openingDocument' : 'inbox.openDocument')}
          </button>
        ) : (
          <a href={address} download={name}>
            {t('inbox.download')}
          </a>
        )}
      </p>
      {address !== null && shownTypes.has(document.mediaType) ? <img src={address} alt={name} /> : null}
      <Failure error={error} />
    </div>
  );
}
