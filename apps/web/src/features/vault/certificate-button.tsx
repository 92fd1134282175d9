import type { DrillView } from '@serment/replica/drill-record';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useEngine } from '../../session/use-session.ts';
import { download } from '../../ui/download.ts';
import { useErrorText } from '../../ui/error-text.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import { useDocumentWorker } from '../documents/document-work.ts';

/** Gives the certificate of a drill, made and checked by this device, in the language that is read. */
export function CertificateButton({ drill }: { readonly drill: DrillView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const language = useLanguage();
  const engine = useEngine();
  const worker = useDocumentWorker();
  const errorText = useErrorText();
  const { isBusy, error, run } = useAttempt();
  const [isUnmade, setUnmade] = useState(false);
  const make = async () => {
    setUnmade(false);
    const certificate = await engine.desks.vault.certificate(drill.index);
    const file = await worker.ask<Blob>(async (work) => work.certificate(certificate, language));
    if (file === null) setUnmade(true);
    else download(`serment-${t('drills.certificate').toLowerCase()}-${drill.index}.pdf`, file);
  };
  const problem = isUnmade ? t('drills.notMade') : error === null ? null : errorText(error);
  return (
    <>
      <button
        type="button"
        className="text-button"
        disabled={isBusy}
        aria-label={t('drills.certificateOf', { when: format.moment(drill.startedAt) })}
        onClick={() => void run(make)}
      >
        {isBusy ? t('drills.making') : t('drills.certificate')}
      </button>
      {problem === null ? null : (
        <span className="red drill-problem" role="alert">
          {problem}
        </span>
      )}
    </>
  );
}
