-- Proofs: test profiles sent as real mails, by a processor of their own (spec C6).
ALTER TABLE work_package
  DROP CONSTRAINT work_package_processor,
  ADD CONSTRAINT work_package_processor CHECK (processor IN ('mail', 'digest', 'callback', 'proof'));
