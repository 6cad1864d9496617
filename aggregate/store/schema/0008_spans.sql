-- The words that earned a post its tags: bytes of text from start to end. They
-- tell of the text, so they go with it.
ALTER TABLE signals
    ADD COLUMN IF NOT EXISTS span_start Array(UInt32) CODEC(ZSTD) TTL toDateTime(stored_at) + INTERVAL 30 DAY,
    ADD COLUMN IF NOT EXISTS span_end Array(UInt32) CODEC(ZSTD) TTL toDateTime(stored_at) + INTERVAL 30 DAY,
    ADD COLUMN IF NOT EXISTS span_tag Array(LowCardinality(String)) CODEC(ZSTD) TTL toDateTime(stored_at) + INTERVAL 30 DAY;
