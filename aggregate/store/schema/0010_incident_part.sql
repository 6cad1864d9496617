-- The part of a service in which an incident was noticed first: by symptom or by
-- lang, with its name; empty where the whole was, and in older rows. And the language
-- that is special for it, if there is one.
ALTER TABLE incidents ADD COLUMN IF NOT EXISTS part_by LowCardinality(String),
    ADD COLUMN IF NOT EXISTS part LowCardinality(String),
    ADD COLUMN IF NOT EXISTS part_people UInt64,
    ADD COLUMN IF NOT EXISTS part_usual Float64,
    ADD COLUMN IF NOT EXISTS part_excess Float64,
    ADD COLUMN IF NOT EXISTS part_symptoms Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS part_symptom_shares Array(Float64),
    ADD COLUMN IF NOT EXISTS mainly_in LowCardinality(String);
