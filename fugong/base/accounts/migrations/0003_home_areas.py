from django.db import migrations

# Officials are looked after by the administrator of the area of their first mandate.
FILL = """
UPDATE accounts_user AS u SET area_id = m.area_id
FROM (SELECT DISTINCT ON (user_id) user_id, area_id FROM accounts_mandate ORDER BY user_id, id) AS m
WHERE m.user_id = u.id AND u.area_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_getting_in")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
