import { isoInstant, parseDay } from './calendar.ts';
import { demoPatientId } from './demo-practice.ts';
import { inventStaff } from './practice.ts';
import { createRandom } from './random.ts';
import type { DemoResource } from './resources.ts';

/** Time, patient (by order in the practice), state; the reason is clinical and stays out of the agenda. */
const dayList = [
  ['13:30', 11, 'fulfilled'],
  ['13:45', 18, 'fulfilled'],
  ['14:00', 1, 'fulfilled'],
  ['14:15', 0, 'checked-in'],
  ['14:30', 2, 'arrived'],
  ['14:45', 3, 'booked'],
  ['15:00', 24, 'booked'],
  ['15:15', 4, 'booked'],
  ['15:30', 6, 'booked'],
  ['16:00', 5, 'booked'],
] as const;

/** Today's appointments of the demonstration: vu (fulfilled), en cours (checked-in), en salle (arrived), attendu (booked). */
export function demoAppointments(today: string, seed = 1): DemoResource[] {
  const day = parseDay(today);
  const random = createRandom(seed, 0x61676461, day);
  const [vasseur] = inventStaff(seed).members;
  return dayList.map(([time, patient, status]) => {
    const minute = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
    return {
      resourceType: 'Appointment',
      id: random.uuid(),
      status,
      start: isoInstant(day, minute),
      end: isoInstant(day, minute + 15),
      minutesDuration: 15,
      participant: [
        { actor: { reference: `Patient/${demoPatientId(seed, patient)}` }, status: 'accepted' },
        { actor: { reference: `Practitioner/${vasseur.practitioner.id}` }, status: 'accepted' },
      ],
    };
  });
}
