-- Complaint curves: distinct posts and authors per minute. They are sets, not
-- sums, so that a row of signals that is written twice counts once. Exact
-- sets, because a published count is checked against others: uniq hashes to
-- 32 bits and samples above 65,536.
-- symptom '' counts every post once, whatever its symptoms.
CREATE TABLE IF NOT EXISTS curves
(
    service LowCardinality(String),
    kind    LowCardinality(String),
    symptom LowCardinality(String),
    minute  DateTime('UTC') CODEC(Delta, ZSTD),
    lang    LowCardinality(String),
    source  LowCardinality(String),
    posts   AggregateFunction(uniqExact, UInt64),
    authors AggregateFunction(uniqExact, UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (service, kind, symptom, minute, lang, source);

CREATE MATERIALIZED VIEW IF NOT EXISTS curves_from_signals TO curves AS
SELECT
    service,
    kind,
    arrayJoin(arrayPushFront(arrayDistinct(symptoms), '')) AS symptom,
    toStartOfMinute(toDateTime(created_at, 'UTC')) AS minute,
    lang,
    source,
    uniqExactState(post) AS posts,
    uniqExactState(author) AS authors
FROM signals
GROUP BY service, kind, symptom, minute, lang, source;
