import { useParams } from '@tanstack/react-router';
import { FilePage } from './file-page.tsx';

/** A file of its own for each patient: nothing of the one before is left. */
export function FileRoute() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  return <FilePage key={id} patient={`Patient/${id}`} />;
}
