/** Whether a file reads without a network. */
export const offlineFile = {
  offlineFile: {
    kept: {
      title: 'Sans réseau',
      pinned: 'Gardé sur cet appareil : lisible sans réseau.',
      today: 'Attendu aujourd’hui : lisible sans réseau sur cet appareil.',
      opened: 'Lisible sans réseau, tel qu’il a été ouvert sur cet appareil.',
      coming: 'Pas encore sur cet appareil : il y vient dès que le réseau le permet.',
      absent: 'Pas en entier sur cet appareil.',
      pin: 'Le garder sur cet appareil',
      unpin: 'Ne plus le garder',
    },
    notHere: {
      title: 'Ce dossier n’est pas sur cet appareil.',
      text: 'Il est chez l’hébergeur, et le réseau ne répond pas. Il s’ouvrira ici dès son retour. Ce qui a été ouvert sur cet appareil, les patients du jour et les dossiers gardés se lisent sans réseau.',
      pin: 'Le garder ici dès le retour du réseau',
      pinned: 'Il sera gardé sur cet appareil dès le retour du réseau.',
    },
    partial_one:
      'Dossier incomplet sur cet appareil : un enregistrement n’y est pas encore. Il viendra avec le réseau.',
    partial_other:
      'Dossier incomplet sur cet appareil : {{count, number}} enregistrements n’y sont pas encore. Ils viendront avec le réseau.',
  },
} as const;
