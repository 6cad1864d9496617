-- What all services say at one time: curves without symptoms, in the order of
-- minutes. In curves an hour of a thousand services lies in a thousand places.
CREATE TABLE IF NOT EXISTS pulse
(
    kind    LowCardinality(String),
    minute  DateTime('UTC') CODEC(Delta, ZSTD),
    service LowCardinality(String),
    lang    LowCardinality(String),
    source  LowCardinality(String),
    posts   AggregateFunction(uniqExact, UInt64),
    authors AggregateFunction(uniqExact, UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (kind, minute, service, lang, source);

CREATE MATERIALIZED VIEW IF NOT EXISTS pulse_from_signals TO pulse AS
SELECT
    kind,
    toStartOfMinute(toDateTime(created_at, 'UTC')) AS minute,
    service,
    lang,
    source,
    uniqExactState(post) AS posts,
    uniqExactState(author) AS authors
FROM signals
GROUP BY kind, minute, service, lang, source;

-- What was heard before there was a pulse. Sets may be written twice.
INSERT INTO pulse SELECT kind, minute, service, lang, source, posts, authors FROM curves WHERE symptom = '';

-- The same of what is expected: one quarter of an hour of all services.
CREATE TABLE IF NOT EXISTS expected_by_quarter
(
    quarter DateTime('UTC') CODEC(Delta, ZSTD),
    service LowCardinality(String),
    usual   Float32 CODEC(ZSTD),
    alpha   Float32 CODEC(ZSTD),
    at      DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(quarter)
ORDER BY (quarter, service)
TTL at + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS expected_by_quarter_from_expected TO expected_by_quarter AS
SELECT quarter, service, usual, alpha, at FROM expected;

INSERT INTO expected_by_quarter SELECT quarter, service, usual, alpha, at FROM expected FINAL;
