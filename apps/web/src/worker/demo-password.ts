/** Shown on the lock screen of a demonstration, which anybody may open. */
export const demoPassword = 'demonstration';
