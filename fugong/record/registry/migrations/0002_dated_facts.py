import django.db.models.deletion
import django.db.models.functions.math
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0001_enterprises_and_grants"),
    ]

    operations = [
        migrations.CreateModel(
            name="EnterpriseFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("headcount", "headcount"),
                            ("revenue", "revenue of a year"),
                            ("assets", "total assets"),
                            ("industry", "industry"),
                            ("above_scale", "above scale"),
                            ("tag", "tag"),
                        ],
                        verbose_name="kind of fact",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                (
                    "number",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=20, null=True, verbose_name="number"),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("source", models.TextField(verbose_name="source")),
                ("entered_by_name", models.TextField(verbose_name="entered by")),
                ("entered_at", models.DateTimeField(verbose_name="entered at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
            ],
            options={
                "verbose_name": "dated fact",
                "verbose_name_plural": "dated facts",
                "ordering": ["enterprise", "kind", "-valid_from", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ScopeDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(verbose_name="reason")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("valid_from", models.DateField(verbose_name="not counted from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="not counted up to")),
                ("decided_by_name", models.TextField(verbose_name="decided by")),
                ("decided_at", models.DateTimeField(verbose_name="decided at")),
                ("ended_by_name", models.TextField(blank=True, verbose_name="ended by")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back at")),
            ],
            options={
                "verbose_name": "decision on scope",
                "verbose_name_plural": "decisions on scope",
                "ordering": ["enterprise", "-valid_from", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="enterprisefact",
            name="enterprise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="facts", to="registry.enterprise"
            ),
        ),
        migrations.AddField(
            model_name="enterprisefact",
            name="replaced_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced",
                to="registry.enterprisefact",
            ),
        ),
        migrations.AddField(
            model_name="scopedecision",
            name="enterprise",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="scope_decisions", to="registry.enterprise"
            ),
        ),
        migrations.AddIndex(
            model_name="enterprisefact",
            index=models.Index(fields=["source"], name="fact_by_source"),
        ),
        migrations.AddConstraint(
            model_name="enterprisefact",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["headcount", "revenue", "assets", "industry", "above_scale", "tag"])),
                name="fact_kind_known",
                violation_error_message="This kind of fact does not exist.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprisefact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ("headcount", "revenue", "assets")), ("number__isnull", False), ("text", "")),
                    models.Q(
                        models.Q(("kind__in", ("headcount", "revenue", "assets")), _negated=True),
                        ("number__isnull", True),
                        models.Q(("text", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="fact_value_fits_kind",
                violation_error_message="Headcount, revenue and assets are numbers; every other fact is a text.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprisefact",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__isnull", True), ("number__gte", Decimal("0")), _connector="OR"),
                name="fact_number_not_negative",
                violation_error_message="A fact cannot be below zero.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprisefact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "headcount"), _negated=True),
                    ("number", django.db.models.functions.math.Floor(models.F("number"))),
                    _connector="OR",
                ),
                name="fact_headcount_whole",
                violation_error_message="People are counted in whole numbers.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprisefact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "industry"), _negated=True),
                    ("text__regex", "^([A-T]|[0-9]{2,4})$"),
                    _connector="OR",
                ),
                name="fact_industry_form",
                violation_error_message="An industry is a letter or 2 to 4 digits by GB/T 4754-2017.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprisefact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "above_scale"), _negated=True), ("text__in", ("yes", "no")), _connector="OR"
                ),
                name="fact_above_scale_form",
                violation_error_message="Above scale is yes or no.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprisefact",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "tag"), ("valid_to__isnull", True), _connector="OR"),
                name="fact_only_tags_end",
                violation_error_message="Only a tag has a last day; another fact holds until the next one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprisefact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="fact_period_in_order",
                violation_error_message="A tag cannot end before it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprisefact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True), models.Q(("kind", "tag"), _negated=True)),
                fields=("enterprise", "kind", "valid_from"),
                name="fact_once_a_day",
                violation_error_message="This fact is stated for this day already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="enterprisefact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True), ("kind", "tag")),
                fields=("enterprise", "text", "valid_from"),
                name="fact_tag_once_a_day",
                violation_error_message="The enterprise carries this tag from this day already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scopedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="scope_reason_given",
                violation_error_message="Say why the enterprise is not counted.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scopedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", "other"), _negated=True), models.Q(("note", ""), _negated=True), _connector="OR"
                ),
                name="scope_other_reason_has_note",
                violation_error_message="“Other” says nothing by itself: write the reason as a note.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scopedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="scope_period_in_order",
                violation_error_message="A decision cannot end before it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scopedecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True), ("valid_to__isnull", True)),
                fields=("enterprise",),
                name="scope_open_once",
                violation_error_message="The enterprise is not counted already; include it again first.",
            ),
        ),
    ]
