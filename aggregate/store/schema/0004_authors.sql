-- An author who leaves a network takes all posts along: they are found by
-- author then.
ALTER TABLE signals ADD INDEX IF NOT EXISTS by_author author TYPE bloom_filter GRANULARITY 4;
