import { constants } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { bytesToHex } from '@serment/core/bytes';
import type { Kit } from '@serment/core/keys/kit';
import { readKit } from '@serment/replica/kit-reading';
import type { KitText } from '@serment/replica/kit-text';
import { CliError, outputError, systemCode } from './error.ts';

const maxKitFileBytes = 1024 * 1024;

/** The text of a kit file, and the kit in it. Throws PATH_MISSING, and what `readKit` throws. */
export async function readKitFile(path: string): Promise<{ kit: Kit; text: string }> {
  const text = decode(await readWhole(path));
  return { kit: readKit(text), text };
}

export interface NewKitFile {
  readonly path: string;
  readonly practice: Uint8Array;
  readonly practiceName: string;
  readonly kit: KitText;
  readonly isDemonstration?: boolean;
}

/**
 * Writes a kit where nothing stands yet, for its owner alone; it is on the disk when this returns. Throws
 * KIT_FILE_EXISTS, OUTPUT_UNWRITABLE.
 */
export async function writeKitFile(file: NewKitFile): Promise<void> {
  const path = resolve(file.path);
  try {
    const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      await handle.writeFile(kitText(file));
      await handle.sync();
    } catch (cause) {
      // Half a kit is worse than none.
      await rm(path, { force: true }).catch(() => undefined);
      throw cause;
    } finally {
      await handle.close();
    }
    const folder = await open(dirname(path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST')
      throw new CliError('KIT_FILE_EXISTS', 'A file stands where the kit would be written', {
        cause,
        hint: 'Give another file to --kit-out: a kit is never overwritten.',
      });
    throw outputError(cause);
  }
}

function kitText({ practice, practiceName, kit, isDemonstration }: NewKitFile): string {
  const title = `KIT DE SECOURS SERMENT${isDemonstration ? ' (DÉMONSTRATION)' : ''}`;
  return `${title}
${'='.repeat(title.length)}

Cabinet            ${oneLine(practiceName)}
Identifiant        ${bytesToHex(practice)}
Valeur de contrôle ${kit.testValue}

${kit.text}

Ce que c'est
  Ce kit ouvre le coffre du cabinet quand tous les appareils sont perdus : il donne accès à tous
  les dossiers que son titulaire peut lire. Ni l'hébergeur ni l'éditeur n'en ont de double.
  Perdre tous les appareils et tous les kits, c'est perdre le coffre : personne ne peut le rouvrir.

Où le garder
  Imprimez cette page, rangez-la au coffre du cabinet ou chez un notaire, puis effacez ce fichier :
  un kit laissé sur un ordinateur vaut une clé laissée sur la porte.

Comment s'en servir
  Sur un appareil neuf ou effacé, choisissez « Ajouter cet appareil » et recopiez les 17 groupes.
  Tous les membres du cabinet voient que le kit a servi ; il se remplace alors par un autre.
  Sans l'hébergeur, à partir d'une copie seule, ce qui ne laisse pas de trace :
    serment open COPIE --kit CE_FICHIER --out DOSSIER

En cas de décès du médecin
  Les dossiers restent couverts par le secret médical : ne les ouvrez pas vous-même. Prévenez le
  conseil départemental de l'Ordre des médecins, et remettez-lui ce kit en main propre, contre reçu.

QR
  ${kit.qr}
`;
}

/** A name with a line break in it could pass for another line of the kit. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

async function readWhole(path: string): Promise<Uint8Array> {
  try {
    const bytes = await readFile(path);
    // Anything longer is another file: the first lines of a kit hold all of it.
    return bytes.subarray(0, maxKitFileBytes);
  } catch (cause) {
    throw new CliError('PATH_MISSING', 'The kit file cannot be read', {
      cause,
      fields: { system: systemCode(cause) },
      hint: 'Check the path given to --kit.',
    });
  }
}

/** A text editor may have saved it as UTF-16; a kit's own characters are the same in every other encoding. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}
