import { useTranslation } from '../../i18n/use-translation.ts';
import { rightsParts } from './identity-rights.tsx';
import { partId } from './part-id.ts';

/** The page is long: the parts below its form are one press away. */
export function IdentityNav() {
  const { t } = useTranslation();
  const parts = [
    ...rightsParts.map((subject) => [partId(subject), t(`careSheet.subjects.${subject}`)] as const),
    [partId('relatives'), t('relatives.title')] as const,
  ];
  const show = (id: string) => {
    const heading = document.getElementById(id);
    heading?.scrollIntoView({ block: 'start' });
    heading?.focus({ preventScroll: true });
  };
  return (
    <nav className="identity-nav" aria-label={t('patientIdentity.parts')}>
      {parts.map(([id, title]) => (
        <button key={id} type="button" className="text-button" onClick={() => show(id)}>
          {title}
        </button>
      ))}
    </nav>
  );
}
