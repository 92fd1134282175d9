import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from '../../i18n/use-translation.ts';
import { useAsked, useEngine } from '../../session/use-session.ts';
import { Failure } from '../../ui/failure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useAttempt } from '../../ui/use-attempt.ts';
import type { Capture } from '../documents/use-capture.ts';
import { addBatch } from './add-batch.ts';

/** What is being added to one file is a pile with separator sheets: it had better be a batch. */
export function SheetFound({ capture }: { readonly capture: Capture }) {
  const { t } = useTranslation();
  const engine = useEngine();
  const navigate = useNavigate();
  const { isBusy, error, run } = useAttempt();
  const { pages, files, worker, looking } = capture;
  const pdfs = files.filter(({ kind }) => kind === 'pdf');
  const key = looking > 0 ? '' : [...pages, ...pdfs].map((one) => one.key).join(' ');
  const { value: isFound } = useAsked(`sheet in ${key}`, async () => {
    if (key === '') return false;
    const pictures = pages.map(({ jpeg }) => jpeg);
    const scans = pdfs.map(({ key: name, blob }) => ({ key: name, blob }));
    return (await worker.ask((work) => work.hasSheet(scans, pictures))) ?? false;
  });
  if (isFound !== true) return null;
  const toBatch = () =>
    run(async () => {
      const given = [
        ...pages.map(({ source, key: name }) => new File([source], name, { type: source.type })),
        ...files.map(({ blob, name }) => new File([blob], name, { type: blob.type })),
      ];
      const { id } = await addBatch(given, {
        engine,
        worker,
        onProgress: () => undefined,
        signal: new AbortController().signal,
      });
      if (id === null) return;
      pages.forEach(capture.removePage);
      files.forEach(capture.removeFile);
      await navigate({ to: '/lots/$id', params: { id } });
    });
  return (
    <>
      <Notice
        tone="amber"
        action={
          <button type="button" className="text-button" disabled={isBusy} onClick={() => void toBatch()}>
            {t('scanned.asBatch')}
          </button>
        }
      >
        {t('scanned.found')}
      </Notice>
      <Failure error={error} />
    </>
  );
}
