/** How long a device is let in though the kit that named it is not replaced, for who cannot wait. */
export const urgentMs = 24 * 3_600_000;
