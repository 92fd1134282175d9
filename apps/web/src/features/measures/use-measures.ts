import { type Asked, useAsked, useEngineEvents } from '../../session/use-session.ts';

/** As `useAsked` of something of one patient, again whenever the file changes or a save of it goes on. */
export function useOfPatient<Value>(key: string, patient: string, ask: () => Promise<Value>): Asked<Value> {
  const asked = useAsked(`${key} ${patient}`, ask);
  useEngineEvents((event) => {
    if ((event.type === 'patient' && event.patient === patient) || event.type === 'save') asked.again();
  });
  return asked;
}
