-- Which keys sign access tokens, and from when. The keys themselves follow from the service's secret and stand nowhere.
CREATE TABLE signing_keys (
  kid TEXT NOT NULL PRIMARY KEY,
  created_at TEXT NOT NULL,
  signs_from TEXT NOT NULL
) STRICT, WITHOUT ROWID;
