from django.db import migrations

FORWARDS = """
CREATE FUNCTION situation_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is published stays as it is';
END $$;
CREATE TRIGGER situation_published_bulletin_stays BEFORE UPDATE OR DELETE ON situation_bulletin
    FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION situation_refuse_change();
CREATE TRIGGER situation_bulletin_members_stay BEFORE UPDATE ON situation_bulletinmembers
    FOR EACH ROW EXECUTE FUNCTION situation_refuse_change();
"""
BACKWARDS = """
DROP TRIGGER situation_bulletin_members_stay ON situation_bulletinmembers;
DROP TRIGGER situation_published_bulletin_stays ON situation_bulletin;
DROP FUNCTION situation_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("situation", "0002_bulletins")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
