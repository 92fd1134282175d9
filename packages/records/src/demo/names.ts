/** Invented people need names that fit their year of birth and where their family comes from. */
export type Origin =
  | 'france'
  | 'maghreb'
  | 'portugal'
  | 'italy'
  | 'spain'
  | 'westAfrica'
  | 'centralAfrica'
  | 'asia'
  | 'turkey'
  | 'east'
  | 'islands';

const words = (text: string): readonly string[] => text.split(' ').map((word) => word.replaceAll('_', ' '));

export interface Era {
  /** Last year of birth of this era. */
  readonly until: number;
  readonly female: readonly string[];
  readonly male: readonly string[];
}

export const frenchEras: readonly Era[] = [
  {
    until: 1945,
    female: words(
      'Marguerite Jeanne Denise Simone Yvonne Odette Paulette Ginette Jacqueline Monique Jeannine Huguette Lucienne Colette Suzanne Madeleine Micheline Renée Marcelle Thérèse Solange Raymonde Andrée Gisèle Georgette Arlette Yvette Geneviève Marie-Louise Claudette',
    ),
    male: words(
      'André Jean Pierre Roger Marcel René Robert Raymond Georges Maurice Henri Louis Lucien Jacques Guy Claude Paul Gilbert Fernand Roland Albert Gaston Marius Émile Bernard Michel Charles Armand Edmond Jean-Claude',
    ),
  },
  {
    until: 1959,
    female: words(
      'Françoise Monique Nicole Christiane Danielle Michèle Martine Annie Chantal Brigitte Catherine Jacqueline Josiane Marie-Thérèse Éliane Evelyne Bernadette Mireille Anne-Marie Ghislaine Jocelyne Marie-Claude Liliane Dominique Odile Maryse Claudine Régine Marie-France Josette',
    ),
    male: words(
      'Michel Jean-Pierre Bernard Gérard Alain Daniel Jean-Claude Jacques Christian Patrick Guy Serge Yves André Jean-Paul Gilles Francis Jean-Louis Roland Joël Georges Maurice Robert Claude Jean-Marie Marc Dominique Philippe Henri Lucien',
    ),
  },
  {
    until: 1974,
    female: words(
      'Sylvie Nathalie Isabelle Véronique Catherine Valérie Corinne Christine Sandrine Patricia Florence Laurence Pascale Brigitte Muriel Agnès Sophie Béatrice Anne Carole Stéphanie Karine Frédérique Marie-Pierre Estelle Virginie Dominique Cécile Fabienne Hélène',
    ),
    male: words(
      'Philippe Pascal Thierry Éric Laurent Christophe Frédéric Olivier Stéphane Bruno Didier Hervé Franck Vincent Marc Patrice Denis Gilles Xavier Fabrice François Emmanuel Jean-Marc Jean-François Pierre-Yves Benoît Dominique Régis Arnaud Ludovic',
    ),
  },
  {
    until: 1989,
    female: words(
      'Aurélie Émilie Élodie Céline Julie Laetitia Stéphanie Delphine Séverine Virginie Audrey Vanessa Caroline Sabrina Laura Mélanie Marion Aude Amandine Claire Anne-Sophie Charlotte Jennifer Hélène Marie Gaëlle Pauline Fanny Noémie Clémence',
    ),
    male: words(
      'Nicolas Julien Sébastien David Guillaume Mathieu Alexandre Thomas Cédric Jérôme Romain Jérémy Benjamin Anthony Florian Maxime Arnaud Vincent Fabien Grégory Mickaël Yann Damien Adrien Jonathan Loïc Kévin Pierre Antoine Simon',
    ),
  },
  {
    until: 2004,
    female: words(
      'Léa Manon Camille Chloé Emma Marine Justine Mathilde Océane Laura Pauline Lucie Anaïs Sarah Morgane Margaux Clara Juliette Coralie Marie Ophélie Eva Elisa Charlotte Romane Louise Alice Agathe Maëva Solène',
    ),
    male: words(
      'Thomas Lucas Théo Hugo Quentin Alexandre Valentin Clément Maxime Antoine Alexis Dylan Corentin Baptiste Paul Louis Enzo Nathan Romain Tristan Arthur Victor Simon Bastien Rémi Jules Axel Matthieu Tom Gaétan',
    ),
  },
  {
    until: 2100,
    female: words(
      'Jade Louise Alice Ambre Rose Anna Alba Romy Mia Lina Chloé Léna Agathe Julia Iris Charlie Victoire Juliette Inaya Zoé Adèle Margot Nina Éléna Capucine Apolline Lou Maëlys Jeanne Suzanne Albane Clémence Olivia Luna Margaux',
    ),
    male: words(
      'Gabriel Raphaël Léo Louis Jules Arthur Maël Noah Adam Lucas Hugo Sacha Gabin Paul Nathan Aaron Ethan Éden Tom Léon Noé Martin Nino Robin Malo Eliott Marceau Côme Augustin Timéo Mathis Achille Isaac Oscar Victor',
    ),
  },
];

export interface NameSet {
  readonly surnames: readonly string[];
  readonly female: readonly string[];
  readonly male: readonly string[];
  /** How many of the children born in France after 1985 have a name from the French eras. */
  readonly frenchNames: number;
}

const frenchSurnames = words(
  'Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Renard Roche Schmitt Roy Leroux Colin Vidal Caron Picard Roger Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey Leclerc Payet Rolland Leclercq Guillaume Lecomte Dupuy Jean Guillot Hubert Berger Carpentier Moulin Louis Deschamps Huet Vasseur Boucher Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles Renault Charpentier Ménard Maillard Baron Bertin Bailly Hervé Schneider Le_Gall Collet Léger Bouvier Julien Prévost Millet Perrot Daniel Le_Roux Cousin Germain Breton Besson Langlois Rémy Le_Goff Pelletier Lévêque Perrier Leblanc Barré Lebrun Marchal Weber Mallet Hamon Boulanger Jacob Monnier Michaud Guichard Poulain Étienne Gillet Tessier Chauvin Ponce Delaunay Humbert Gay Blanchet Cordier Bourdon Carlier Delmas Rossignol Charrier Pichon Gilbert Lefort Chartier Couturier Vallet Dufresne Chapuis Berthet Mollard Gonin Perret Favre Vial Thévenet Dumoulin Lapierre Chambon Descombes Ravier Buisson Michalet Bourgey Desmaris Perraud Sapin Combier Trichard Large Lardet Guillermin Chavanis Jambon Sornay Aujogue Dutraive Verger Corgier Peillon Murard Lachal Cinquin Dugelay',
);

export const originNames: Readonly<Record<Exclude<Origin, 'france'>, NameSet>> = {
  maghreb: {
    surnames: words(
      'Benali Haddad Mansouri Bouzid Khelifi Brahimi Saidi Hamdi Belkacem Cherif Zerrouki Amrani Idrissi Alaoui Benjelloun El_Amrani Ben_Salah Trabelsi Gharbi Jebali Bensaïd Ziani Boukhari Meziane Aït_Ouali Hamidi Rahmani Toumi Ferhat Bouaziz Slimani Touati Guessoum Benamar Boudjemaa El_Mansouri Chaouch Lahlou Tazi Kaddour Ouali Mokrani',
    ),
    female: words(
      'Fatima Khadija Zohra Yamina Naïma Malika Samira Nadia Karima Houria Leïla Farida Rachida Amina Yasmine Sarah Inès Lina Nour Imane Salma Assia Hanane Soumia Meriem Sabrina Kenza Chaïma Ines Safia Djamila Aïcha',
    ),
    male: words(
      'Mohamed Ahmed Ali Rachid Abdelkader Mustapha Saïd Omar Karim Farid Nabil Samir Hassan Youssef Mehdi Bilal Amine Yanis Rayan Adam Ilyes Sofiane Walid Hichem Anis Ismaël Ibrahim Nassim Zakaria Brahim Mourad Djamel',
    ),
    frenchNames: 0.12,
  },
  portugal: {
    surnames: words(
      'Da_Silva Ferreira Dos_Santos Pereira Rodrigues Gonçalves Fernandes Lopes Martins Gomes Alves De_Sousa Carvalho Teixeira Da_Costa Oliveira Pinto Moreira Ribeiro Marques Dias Vieira Cardoso Monteiro Antunes',
    ),
    female: words(
      'Maria Ana Isabel Fátima Lurdes Rosa Teresa Conceição Paula Cristina Sandra Carla Helena Sónia Filipa',
    ),
    male: words('José Manuel António João Carlos Fernando Joaquim Luís Paulo Rui Jorge Pedro Nuno Tiago Armando'),
    frenchNames: 0.85,
  },
  italy: {
    surnames: words(
      'Rossi Ferrari Esposito Bianchi Romano Colombo Ricci Greco Conti Gallo Costa Giordano Mancini Lombardi Moretti Barbieri Fontana Caruso Mariani Rinaldi Santoro Marchetti',
    ),
    female: words('Maria Giuseppina Angela Rosa Giovanna Carmela Lucia Antonella Paola Francesca Chiara Giulia'),
    male: words('Giuseppe Antonio Salvatore Giovanni Vincenzo Mario Luigi Franco Roberto Marco Matteo Alessandro'),
    frenchNames: 0.9,
  },
  spain: {
    surnames: words(
      'García Martinez Lopez Sanchez Perez Gomez Fernandez Ruiz Hernandez Torres Navarro Ramos Moreno Romero Gimenez Ortega Molina',
    ),
    female: words('Carmen Dolores Josefa Pilar Isabel Mercedes Encarnación Rosario Ana Cristina Marta Lucía'),
    male: words('José Antonio Francisco Manuel Juan Miguel Ángel Rafael Javier Pablo Diego Carlos'),
    frenchNames: 0.85,
  },
  westAfrica: {
    surnames: words(
      'Diallo Traoré Diop Ndiaye Koné Coulibaly Camara Keïta Touré Sissoko Cissé Diarra Bah Barry Sow Fofana Konaté Sylla Kouyaté Ouattara Sidibé Ba Gueye Fall Faye Diakité Doumbia Bamba Kouassi Yao',
    ),
    female: words(
      'Aminata Fatoumata Mariam Awa Kadiatou Aïssatou Bintou Djeneba Oumou Ramatoulaye Adama Fanta Rokia Khady Assetou Maïmouna',
    ),
    male: words(
      'Mamadou Moussa Ibrahima Ousmane Amadou Abdoulaye Boubacar Cheikh Souleymane Bakary Lassana Demba Modibo Issa Seydou Aliou',
    ),
    frenchNames: 0.2,
  },
  centralAfrica: {
    surnames: words(
      'Mbemba Nguema Makaya Mukendi Kabongo Ilunga Tshibangu Nkodia Bouanga Ndongo Mballa Fotso Kamga Ngono Ebongue Moukoko Mbala Samba',
    ),
    female: words(
      'Grâce Chantal Béatrice Solange Carine Nadège Prisca Merveille Espérance Divine Gloria Rachel Esther Priscille',
    ),
    male: words(
      'Christian Patrick Serge Hervé Guy Rodrigue Fabrice Junior Exaucé Emmanuel Samuel Joël Dieudonné Trésor',
    ),
    frenchNames: 0.5,
  },
  asia: {
    surnames: words(
      'Nguyen Tran Le Pham Huynh Hoang Phan Vu Vang Xiong Ly Chen Wang Zhang Li Lin Wu Sok Chea Keo Singh Kumar Selvarajah Yang Lim',
    ),
    female: words('Lan Huong Linh Thi_Mai Mei Li_Na Xiu Sophea Chanthy Kim Phuong Ngoc Ling Yan Priya Anjali'),
    male: words('Minh Tuan Duc Hung Thanh Wei Jun Hao Vannak Sokha Long Quang Bao Tao Ravi Arun'),
    frenchNames: 0.65,
  },
  turkey: {
    surnames: words('Yilmaz Kaya Demir Şahin Çelik Yildiz Aydin Öztürk Arslan Doğan Kiliç Koç Kurt Özdemir Polat'),
    female: words('Ayşe Fatma Emine Hatice Zeynep Elif Esra Merve Büşra Selin Melek Yasemin'),
    male: words('Mehmet Mustafa Ahmet Ali Hüseyin Hasan Murat Emre Yusuf Kerem Eren Baran'),
    frenchNames: 0.05,
  },
  east: {
    surnames: words(
      'Kowalski Nowak Wisniewski Lewandowski Popescu Ionescu Dumitru Petrov Ivanov Shevchenko Kovalenko Jovanovic Petrovic Marković Krasniqi Berisha Nowicki Wozniak',
    ),
    female: words('Anna Katarzyna Elena Maria Ioana Oksana Olena Jelena Milica Arta Ewa Daria Irina Natalia'),
    male: words('Piotr Jan Andrei Mihai Ion Oleksandr Dmytro Dragan Milan Arben Pawel Tomasz Stefan Ivan'),
    frenchNames: 0.6,
  },
  islands: {
    surnames: words(
      'Jean-Baptiste Célestine Bellance Pierre-Louis Marie-Sainte Lubin Chérubin Bazile Hoarau Grondin Fontaine Boyer Técher Rivière Maillot Nestor Sainte-Rose Lérandy',
    ),
    female: words(
      'Marie-Line Ghislaine Rosette Josiane Lucette Chantale Murielle Sandra Mélissa Laurine Kelly Naomie Shana Maëlle',
    ),
    male: words('Rosemond Gérard Jocelyn Fred Ruddy Teddy Jean-Yves Olivier Jordan Mathis Kylian Enzo Loïc Yannis'),
    frenchNames: 0.5,
  },
};

export const surnamesOf = (origin: Origin): readonly string[] =>
  origin === 'france' ? frenchSurnames : originNames[origin].surnames;
