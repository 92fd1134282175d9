import { Navigate } from '@tanstack/react-router';
import { PatientsPage } from '../patients/patients-page.tsx';
import { usePatientCount } from '../patients/rows.ts';

/** Where one lands: the day, or the first steps of a practice that has nobody yet. */
export function Home() {
  const count = usePatientCount();
  if (count === null) return null;
  return count === 0 ? <PatientsPage /> : <Navigate to="/aujourdhui" replace />;
}
