"""The message catalogues: taken from code and templates, checked, filled, compiled."""

import gettext
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from fugong.portal.logic import catalogues

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy
A = _("Open")
B = ngettext("%(k)d day", "%(k)d days", 3)
C = pgettext_lazy("verb", "Report")
D = _("a long "
      "text")
E = _(variable)
"""
TEMPLATE = """{% load i18n %}
<p title="{% translate 'Title' %}">
      {# Translators: on the button #}
    {% translate "Send" %} 100% it's {{ _("Inline") }}
  {% blocktranslate trimmed count n=items with a=b %}
     {{ n }} enterprise of {{ a }} at 5%
  {% plural %}
     {{ n }} enterprises of {{ a }} at 5%
  {% endblocktranslate %}
{% translate "May" context "month" %}</p>
"""


@pytest.fixture
def package(tmp_path) -> Path:
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "app" / "migrations").mkdir()
    (tmp_path / "app" / "code.py").write_text(CODE)
    (tmp_path / "app" / "migrations" / "0001.py").write_text("_('Old')")
    (tmp_path / "app" / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path


def translate(package: Path, old: str, new: str, language: str = "zh_Hans") -> None:
    path = catalogues.catalogue_path(package, language)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def filled(package: Path) -> Path:
    """The package with every text translated."""
    texts = ["Open", "Report", "a long text", "Title", "Send", "Inline", "May"]
    chinese = {text: f"中{text}" for text in texts}
    chinese |= {"%(k)d day": "%(k)d 天", "%(n)s enterprise of %(a)s at 5%%": "%(a)s 的 %(n)s 家，5%%"}
    catalogues.update(package, chinese)
    return package


def test_texts_of_code_and_templates_are_found(package):
    found = {(message.id, message.context) for message in catalogues.extract(package) if message.id}
    assert found == {
        ("Open", None),
        (("%(k)d day", "%(k)d days"), None),
        ("Report", "verb"),
        ("a long text", None),
        ("Title", None),
        ("Send", None),
        ("Inline", None),
        (("%(n)s enterprise of %(a)s at 5%%", "%(n)s enterprises of %(a)s at 5%%"), None),
        ("May", "month"),
    }


def test_update_fills_english_and_names_what_lacks_chinese(package):
    chinese, english = catalogues.update(package)
    assert english.untranslated == []
    assert "Send" in chinese.untranslated
    assert len(chinese.untranslated) == 9


def test_file_is_stable_and_holds_no_date_nor_place(package):
    filled(package)
    path = catalogues.catalogue_path(package, "zh_Hans")
    first = path.read_text()
    (package / "app" / "code.py").write_text("\n\n\n" + CODE)
    catalogues.update(package)
    assert path.read_text() == first
    assert "page.html" not in first
    assert "Date" not in first
    assert "#. Translators: on the button" in first
    ids = [line for line in first.splitlines() if line.startswith("msgid ") and line != 'msgid ""']
    assert ids == sorted(ids)


def test_whole_catalogue_has_no_problems(package):
    assert catalogues.problems(filled(package)) == []


def test_untranslated_text_is_named(package):
    filled(package)
    translate(package, 'msgstr "中Send"', 'msgstr ""')
    assert catalogues.problems(package) == ["zh_Hans: untranslated: Send"]


def test_new_text_is_named_in_both_languages(package):
    filled(package)
    (package / "app" / "more.py").write_text("_('Closed')")
    assert catalogues.problems(package) == ["zh_Hans: missing: Closed", "en: missing: Closed"]


def test_obsolete_text_is_named_and_goes(package):
    filled(package)
    (package / "app" / "templates" / "page.html").write_text("{% load i18n %}{% translate 'Title' %}")
    assert "zh_Hans: obsolete: Send" in catalogues.problems(package)
    catalogues.update(package)
    assert catalogues.problems(package) == []


def test_fuzzy_text_is_named(package):
    filled(package)
    translate(package, 'msgid "Send"', '#, fuzzy\nmsgid "Send"')
    assert catalogues.problems(package) == ["zh_Hans: fuzzy: Send"]


def test_placeholder_that_differs_is_named(package):
    filled(package)
    translate(package, "%(k)d 天", "%(j)d 天")
    (sentence,) = catalogues.problems(package)
    assert sentence.startswith("zh_Hans: placeholders differ: %(k)d day")


def test_file_written_by_another_tool_is_named(package):
    filled(package)
    path = catalogues.catalogue_path(package, "en")
    path.write_text(path.read_text() + "\n# by hand\n")
    assert catalogues.problems(package) == ["en: the file is not as 'fugong messages' writes it"]


def test_filling_keeps_a_translation_that_stands(package):
    filled(package)
    catalogues.update(package, {"Send": "另"})
    assert "中Send" in catalogues.catalogue_path(package, "zh_Hans").read_text()


def test_compiled_catalogue_speaks_chinese(package):
    catalogues.compile_catalogues(filled(package))
    with (catalogues.catalogue_path(package, "zh_Hans").with_suffix(".mo")).open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert spoken.gettext("Send") == "中Send"
    assert spoken.ngettext("%(k)d day", "%(k)d days", 2) % {"k": 2} == "2 天"
    assert spoken.pgettext("verb", "Report") == "中Report"


def test_csv_of_another_width_is_refused_with_its_line(tmp_path):
    path = tmp_path / "zh.csv"
    path.write_text("Open,开\nClosed,关,多\n")
    with pytest.raises(ValueError, match=r"zh.csv, line 2: 3 columns"):
        catalogues.read_filling(path)


def test_command_fills_checks_and_says_what_is_open(package, tmp_path, capsys):
    path = tmp_path / "zh.csv"
    path.write_text('"Send","发"\n')
    call_command("messages", package=package, fill=[path])
    assert "zh_Hans: 9 added, 0 removed, 8 untranslated" in capsys.readouterr().out
    with pytest.raises(CommandError, match="8 findings"):
        call_command("messages", "--check", package=package)
    assert "zh_Hans: untranslated: Title" in capsys.readouterr().out
