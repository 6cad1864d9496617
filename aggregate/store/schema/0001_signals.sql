-- One row per (post, service), as the classifier saw it last. A replay writes
-- the same rows again and ReplacingMergeTree keeps the newest, so reads use
-- FINAL. Partitions are months, not days: a file of ten years of posts would
-- otherwise make 3,650 parts in one insert.
CREATE TABLE IF NOT EXISTS signals
(
    service    LowCardinality(String),
    created_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
    post       UInt64,                 -- hash of (source, post_id)
    post_id    String CODEC(ZSTD),
    source     LowCardinality(String),
    kind       LowCardinality(String),
    lang       LowCardinality(String),
    symptoms   Array(LowCardinality(String)),
    score      Float32,
    author     UInt64,                 -- keyed author hash; the post's own hash where it has no author
    stored_at  DateTime64(3, 'UTC'),
    text       String CODEC(ZSTD(3)) TTL toDateTime(stored_at) + INTERVAL 30 DAY,
    INDEX by_post post TYPE bloom_filter GRANULARITY 4
)
ENGINE = ReplacingMergeTree(stored_at)
PARTITION BY toYYYYMM(created_at)
ORDER BY (service, created_at, post)
-- Replaced rows, and with them the text of deleted posts, leave the disk
-- within hours, not whenever a merge happens to come.
SETTINGS min_age_to_force_merge_seconds = 3600;

-- Posts whose authors took them back. Reads leave them out from the moment
-- they stand here; their text is then blanked in signals.
CREATE TABLE IF NOT EXISTS deletions
(
    post       UInt64,
    deleted_at DateTime('UTC')
)
ENGINE = ReplacingMergeTree(deleted_at)
ORDER BY post;
