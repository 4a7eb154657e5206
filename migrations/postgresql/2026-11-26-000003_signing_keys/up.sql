-- Which keys sign access tokens, and from when. The keys themselves follow from the service's secret and stand nowhere.
CREATE TABLE signing_keys (
  kid text NOT NULL PRIMARY KEY,
  created_at timestamptz NOT NULL,
  signs_from timestamptz NOT NULL
);
