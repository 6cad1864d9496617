-- Everything heard, complaint or not: what a curve is set against. A year of
-- a whole network would make exact sets large, and the volume is a
-- denominator, so uniq (exact to 65,536 posts a minute, source and language,
-- about 1% off above) is right here.
CREATE TABLE IF NOT EXISTS volumes
(
    minute DateTime('UTC') CODEC(Delta, ZSTD),
    source LowCardinality(String),
    lang   LowCardinality(String),
    posts  AggregateFunction(uniq, UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (minute, source, lang);

-- The inbox of volumes; it stores nothing.
CREATE TABLE IF NOT EXISTS heard
(
    minute DateTime('UTC'),
    source LowCardinality(String),
    lang   LowCardinality(String),
    posts  Array(UInt64)
)
ENGINE = Null;

CREATE MATERIALIZED VIEW IF NOT EXISTS volumes_from_heard TO volumes AS
SELECT minute, source, lang, uniqState(post) AS posts
FROM heard
ARRAY JOIN heard.posts AS post
GROUP BY minute, source, lang;
