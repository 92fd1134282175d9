import type { Catalogue } from '../../i18n/catalogue.ts';
import { useConsoleWords } from './console-words.ts';

interface HeadsProps {
  readonly names: readonly (keyof Catalogue['console']['head'])[];
}

/** The first row of a table of the console; each column bears its name for its style. */
export function Heads({ names }: HeadsProps) {
  const { t } = useConsoleWords();
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name} scope="col" data-column={name}>
            {t(`console.head.${name}`)}
          </th>
        ))}
      </tr>
    </thead>
  );
}
