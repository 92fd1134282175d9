import { CodedError } from '@serment/core/error';
import type { ReactNode } from 'react';
import type { FileView } from '../../file-view/view.ts';
import { useTranslation } from '../../i18n/use-translation.ts';
import { Failure } from '../../ui/failure.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { Banner } from '../file/banner.tsx';
import '../file/file.css';
import { RestrictedFile } from '../file/restricted-file.tsx';
import { useFile } from '../file/use-file.ts';
import { personName, safeName } from '../patients/person.tsx';

export interface ReadFile {
  readonly file: FileView;
  readonly patient: string;
  readonly name: string;
}

interface FileFrameProps {
  readonly patient: string;
  /** What is said to who may not read it. */
  readonly hidden: string;
  readonly children: (read: ReadFile) => ReactNode;
}

/** A page of one patient's file beside the file itself: opened with its trace, and always under the patient's name. */
export function FileFrame({ patient, hidden, children }: FileFrameProps) {
  const { t } = useTranslation();
  const { file, error, again } = useFile(patient);
  const name = file === null ? '' : safeName(personName(file.row));
  useTitle(name);
  if (error instanceof CodedError && error.code === 'PATIENT_RESTRICTED')
    return <RestrictedFile patient={patient} onOpen={again} />;
  if (file === null)
    return error === null ? (
      <p className="file-loading" role="status">
        {t('file.opening')}
      </p>
    ) : (
      <div className="page-pad">
        <Failure error={error} />
      </div>
    );
  return (
    <article className="file" aria-label={t('file.label', { name })}>
      <Banner file={file}>{null}</Banner>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long page is scrolled by keyboard. */}
      {/* biome-ignore lint/a11y/useSemanticElements: a region that scrolls, not a form's. */}
      <div className="file-scroll file-frame" role="group" aria-label={t('file.label', { name })} tabIndex={0}>
        {file.canReadClinical ? children({ file, patient, name }) : <p className="empty">{hidden}</p>}
      </div>
    </article>
  );
}
