-- One row per incident, as it was seen last: the newest "updated" replaces the
-- others, so reads use FINAL. There are few of them, and a filter must not
-- find an older row of an incident, so there is no index but the id.
-- 1970 stands for a time that is not known; an incident without an end lasts.
CREATE TABLE IF NOT EXISTS incidents
(
    id              String,
    services        Array(LowCardinality(String)), -- who leads first
    owner           LowCardinality(String),
    severity        LowCardinality(String),
    onset           DateTime64(3, 'UTC'),
    earliest        DateTime64(3, 'UTC'),
    latest          DateTime64(3, 'UTC'),
    detected        DateTime64(3, 'UTC'),
    updated         DateTime64(3, 'UTC'),
    ended           DateTime64(3, 'UTC'),
    retracted       Bool,
    peak            DateTime64(3, 'UTC'),
    peak_people     UInt64,
    people          UInt64,
    posts           UInt64,
    usual           Float64,
    excess          Float64,
    symptoms        Array(LowCardinality(String)), -- each list of names has its shares beside it
    symptom_shares  Array(Float64),
    languages       Array(LowCardinality(String)),
    language_shares Array(Float64),
    sources         Array(LowCardinality(String)),
    source_shares   Array(Float64),
    words           Array(String)
)
ENGINE = ReplacingMergeTree(updated)
ORDER BY id;
