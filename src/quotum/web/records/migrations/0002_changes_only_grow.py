"""The database itself refuses to alter the record of changes."""

from django.db import migrations

SQLITE = (
    "CREATE TRIGGER changes_kept_{verb} BEFORE {verb} ON records_change BEGIN "
    "SELECT RAISE(ABORT, 'The record of changes only grows.'); END"
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION changes_kept() RETURNS trigger AS $$ BEGIN "
    "RAISE EXCEPTION 'The record of changes only grows.'; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER changes_kept BEFORE UPDATE OR DELETE ON records_change FOR EACH ROW EXECUTE FUNCTION changes_kept()",
)


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(SQLITE.format(verb=verb))
    elif schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
