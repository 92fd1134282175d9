/** A time of HL7 V3, `20200312111700+0100`, as a FHIR date, or date and time with its offset; null for what is none. */
export function cdaTime(value: string): string | null {
  const parts = /^(\d{4})(\d\d)?(\d\d)?(?:(\d\d)(\d\d)?(\d\d)?(?:\.\d+)?)?([+-]\d{4})?$/.exec(value.trim());
  if (parts === null) return null;
  const [, year = '', month, day, hour, minute = '00', second = '00', offset] = parts;
  if (!isCalendar(Number(year), month, day)) return null;
  const date = [year, month, day].filter((part) => part !== undefined).join('-');
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  // A time without its offset may be any place's: the day is what is sure.
  if (day === undefined || hour === undefined || offset === undefined || !isTime) return date;
  if (Number(offset.slice(1, 3)) > 14 || Number(offset.slice(3)) > 59) return date;
  return `${date}T${hour}:${minute}:${second}${offset.slice(0, 3)}:${offset.slice(3)}`;
}

function isCalendar(year: number, month: string | undefined, day: string | undefined): boolean {
  if (month !== undefined && (Number(month) < 1 || Number(month) > 12)) return false;
  if (day === undefined) return true;
  return Number(day) >= 1 && Number(day) <= new Date(Date.UTC(year, Number(month), 0)).getUTCDate();
}
