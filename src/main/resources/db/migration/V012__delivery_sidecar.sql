-- Who is alive. The heartbeat renews one row here, not one per package: with thousands of packages in
-- the air that was four times the work of sending them.
CREATE TABLE sidecar (
  owner          text PRIMARY KEY,                       -- delivery.node
  lease_until    timestamptz NOT NULL                    -- real time, whatever the sandbox's clock says
) WITH (fillfactor = 50);
COMMENT ON COLUMN work_package.lease_until IS
  'At least until then nobody else takes it; written once, when it is claimed. After it the sidecar''s own lease counts.';
