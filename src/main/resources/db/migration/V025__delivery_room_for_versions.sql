-- A volley changes all rows of a page in one transaction, twice: there must be room for a second
-- version of each, which may be longer than the first. Then no index grows with an attempt, each
-- row leaves one dead version on its own page, and there is no hurry to vacuum.
ALTER TABLE work_package SET (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.3,
                              autovacuum_analyze_scale_factor = 0.1);
ALTER TABLE attempt SET (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.3,
                         autovacuum_analyze_scale_factor = 0.1);
