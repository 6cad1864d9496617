-- When a source was heard: a bit for every second of a minute, so that what is
-- said twice, or in pieces, is counted once. A source may consist of several
-- parts (servers, feeds), of which each is heard for itself.
CREATE TABLE IF NOT EXISTS coverage
(
    source  LowCardinality(String),
    minute  DateTime('UTC') CODEC(Delta, ZSTD),
    part    LowCardinality(String),
    parts   SimpleAggregateFunction(max, UInt16),
    seconds SimpleAggregateFunction(groupBitOr, UInt64)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (source, minute, part);
