-- How many people complain as usual: one row a service and quarter of an hour. usual
-- is people a minute, alpha that of variance = mean + alpha mean² of a minute.
CREATE TABLE IF NOT EXISTS expected
(
    service LowCardinality(String),
    quarter DateTime('UTC') CODEC(Delta, ZSTD),
    usual   Float32 CODEC(ZSTD),
    alpha   Float32 CODEC(ZSTD),
    at      DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(quarter)
ORDER BY (service, quarter)
TTL at + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1;
