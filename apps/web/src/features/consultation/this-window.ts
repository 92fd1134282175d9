const place = 'serment-window';

/** A random name of this window, the same after a reload: it says nothing of anybody. */
export function thisWindow(): string {
  const known = sessionStorage.getItem(place);
  if (known !== null) return known;
  const drawn = crypto.randomUUID();
  sessionStorage.setItem(place, drawn);
  return drawn;
}
