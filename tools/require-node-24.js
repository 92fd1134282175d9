// Plain JavaScript on purpose: an older Node must be able to read this file to be told what it is.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `Serment needs Node 24 or later and this is Node ${process.versions.node}: run "npm ci", which installs the right one, then use the npm commands.\n`,
  );
  process.exit(1);
}
