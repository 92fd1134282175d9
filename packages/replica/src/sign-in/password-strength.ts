export const minimumLength = 12;

export type PasswordStrength = 'short' | 'common' | 'enough' | 'strong';

const guessed = [
  ...['motdepasse', 'password', 'azerty', 'qwerty', 'bonjour', 'soleil', 'docteur', 'medecin', 'cabinet', 'serment'],
  ...['123456', 'abcdef', 'doctolib', 'marseille', 'jetaime', 'loulou', 'iloveyou', 'letmein', 'welcome'],
];

/** Length first; then whether little is left once words that everybody tries, runs and repeats are taken away. */
export function judgePassword(password: string): PasswordStrength {
  if (password.length < minimumLength) return 'short';
  const folded = password.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const rest = guessed
    .reduce((text, word) => text.replaceAll(word, ''), folded)
    .replace(/(.)\1+/g, '$1')
    .replace(/\d+$/, '');
  const distinct = new Set(rest).size;
  if (rest.length < 6 || distinct < 5) return 'common';
  return password.length >= 20 || (password.length >= 16 && distinct >= 10) ? 'strong' : 'enough';
}
