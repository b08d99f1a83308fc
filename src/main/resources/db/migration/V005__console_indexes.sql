-- What the console asks for every few seconds must not walk a table of a million settled rows.
-- Partial: the way of a mail that is sent without trouble writes nothing here.
CREATE INDEX work_package_attention ON work_package (state, changed_at DESC)
  WHERE state IN ('error', 'uncertain');
CREATE INDEX address_by_state ON address (state, changed_at DESC);
