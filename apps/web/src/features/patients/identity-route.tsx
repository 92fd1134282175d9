import { useParams } from '@tanstack/react-router';
import { IdentityPage } from './identity-page.tsx';

/** The patient is in the address, and another one is another form. */
export function IdentityRoute() {
  const { id = '' }: { id?: string } = useParams({ strict: false });
  return <IdentityPage key={id} patient={`Patient/${id}`} />;
}
