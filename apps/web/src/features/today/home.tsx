import { Navigate, useLocation } from '@tanstack/react-router';
import { PatientsPage } from '../patients/patients-page.tsx';
import { usePatientCount } from '../patients/rows.ts';

/** Where one lands: the day, or the first steps of a practice that has nobody yet. */
export function Home() {
  const count = usePatientCount();
  // Whoever is on the way to another page already is not called back.
  const isHere = useLocation({ select: ({ pathname }) => pathname === '/' });
  if (count === null || !isHere) return null;
  return count === 0 ? <PatientsPage /> : <Navigate to="/aujourdhui" replace />;
}
