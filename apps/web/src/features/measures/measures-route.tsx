import { useParams } from '@tanstack/react-router';
import { GrowthPage } from './growth-page.tsx';
import { MeasuresPage } from './measures-page.tsx';

/** The patient is in the address, as for the file. */
export function MeasuresRoute() {
  const { id } = useParams({ from: '/patients/$id/mesures' });
  return <MeasuresPage key={id} patient={`Patient/${id}`} />;
}

export function GrowthRoute() {
  const { id } = useParams({ from: '/patients/$id/croissance' });
  return <GrowthPage key={id} patient={`Patient/${id}`} />;
}
