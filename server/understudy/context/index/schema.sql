-- The index of one workspace folder. A cache: another version of the program, or any damage, makes it anew.

-- What it was made with (`stamp`), and whether the links between files have been made once (`linked`).
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- A file's number keeps its place in the order of paths, so that every other table is in that order too. `tail` and
-- `folder` are the last two parts of its path. A file without a digest was looked at and is not in the index.
CREATE TABLE file (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, tail TEXT NOT NULL, folder TEXT NOT NULL,
  modified INTEGER NOT NULL, size INTEGER NOT NULL, digest BLOB, unfit TEXT
);
CREATE INDEX file_tail ON file (tail);
CREATE INDEX file_folder ON file (folder);

-- See `entry.Entry` for what the columns hold.
CREATE TABLE body (
  file INTEGER PRIMARY KEY, about TEXT NOT NULL, imports TEXT NOT NULL, leanings BLOB NOT NULL, refs TEXT NOT NULL,
  spelling BLOB NOT NULL
);
CREATE TABLE definition (
  file INTEGER, n INTEGER, key INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (file, n)
) WITHOUT ROWID;
CREATE INDEX definition_key ON definition (key);
CREATE TABLE use (key INTEGER, file INTEGER, rows BLOB NOT NULL, PRIMARY KEY (key, file)) WITHOUT ROWID;

-- The files that a file imports, and how strongly it leans on which (numbers, then weights).
CREATE TABLE edge (source INTEGER, n INTEGER, target INTEGER NOT NULL, PRIMARY KEY (source, n)) WITHOUT ROWID;
CREATE INDEX edge_target ON edge (target, source);
CREATE TABLE link (file INTEGER PRIMARY KEY, body BLOB NOT NULL);

-- Chunks, by file and order; `words` has a row of the same number for each. Its text is not kept: it is in `spelling`.
CREATE TABLE chunk (
  id INTEGER PRIMARY KEY, file INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, size INTEGER NOT NULL
);
CREATE INDEX chunk_file ON chunk (file);
CREATE VIRTUAL TABLE words USING fts5 (
  held, content = '', detail = none, columnsize = 0, tokenize = "ascii tokenchars '_'"
);
