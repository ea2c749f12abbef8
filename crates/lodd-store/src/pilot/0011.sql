-- What refers to an upload, or to the ledger, by the column that does: SQLite looks for it whenever a
-- row is added that may be referred to, and without these it read whole tables at every delivery.

CREATE INDEX snapshots_of_upload ON snapshots (upload_id);
CREATE INDEX monthly_of_upload ON monthly (upload_id);
CREATE INDEX register_files_of_upload ON register_files (upload_id);
CREATE INDEX register_families_of_upload ON register_families (upload_id);
CREATE INDEX last_contact_of_upload ON last_contact (upload_id);
CREATE INDEX holds_resolved_of_upload ON holds_resolved (resolved_by);
CREATE INDEX register_files_at ON register_files (recorded_at);
CREATE INDEX register_families_at ON register_families (recorded_at);
CREATE INDEX last_contact_at ON last_contact (recorded_at);
CREATE INDEX holds_resolved_at ON holds_resolved (recorded_at);
