import type { Plugin } from 'vite';

/** Refuses a build whose scripts cannot stand within a page as they are: `names` tells which of them do. */
export function inlineScripts(names: RegExp): Plugin {
  return {
    name: 'serment-inline-scripts',
    apply: 'build',
    generateBundle(_options, bundle) {
      const inline = Object.values(bundle).filter(({ fileName }) => names.test(fileName));
      if (inline.length === 0) this.error(`No file is named as ${names} says`);
      for (const file of inline) {
        const text = file.type === 'chunk' ? file.code : String(file.source);
        // What ends a script for a reader of HTML, and what it reads as another character: the hash would not be the file's.
        if (/<!--|<\/?script|\r/i.test(text)) this.error(`${file.fileName} holds what ends a script within a page`);
      }
    },
  };
}
