/**
 * Files that are known byte for byte, by the SHA-256 of what the WHO publishes for the software igrowup and in the
 * package `anthro` (github.com/WorldHealthOrganization/anthro, data-raw/growthstandards): the WHO child growth
 * standards of 2006.
 */
const officialFiles: Readonly<Record<string, string>> = {
  bc15a6a623dd1d5beaeed1497666332aa54bc4ccd15ff9658c487d79694ab77b: 'weianthro.txt',
  '709f7a11881451daf7820f022d363d5bdb93746b5361d6bd9218af6ff838e0c2': 'lenanthro.txt',
  e794e46f06b91223ad2c6435148dc08794a1d75b67613a652c3151201a98bf7c: 'hcanthro.txt',
  '78a4364e99303114fb2c458d28d64c6d10ac33832a5d5b2d437bc5cea1c93a0d': 'bmianthro.txt',
};

/** Whether the bytes with this SHA-256, in hexadecimal, are an official table's. */
export function isOfficial(sha256: string): boolean {
  return Object.hasOwn(officialFiles, sha256);
}
