from django.db import migrations

FORWARD = """
INSERT INTO audit_unsealed (entry_id) SELECT id FROM audit_auditentry;
CREATE FUNCTION audit_await_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unsealed (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_entry_awaits_seal AFTER INSERT ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_await_seal();
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
BACK = """
DROP TRIGGER audit_seal_no_truncate ON audit_seal;
DROP TRIGGER audit_seal_append_only ON audit_seal;
DROP TRIGGER audit_entry_awaits_seal ON audit_auditentry;
DROP FUNCTION audit_await_seal();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_seals_and_area")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
