import { GroupWriter } from '../../../../../packages/store/src/journal/group-writer.ts';

// A product that acknowledges before the database has answered.
const { write } = GroupWriter.prototype;
GroupWriter.prototype.write = async function (...args) {
  write.apply(this, args).catch(() => undefined);
  return true;
};
