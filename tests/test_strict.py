"""The test run is stricter than production: each strictness refuses what it is there for."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.template import Context, Template, VariableDoesNotExist, engines
from django.urls import path

from fugong.base.accounts.models import User
from fugong.base.areas.models import Area
from fugong.config.urls import urlpatterns as addresses
from fugong.core.readonly import WriteInRead
from tests import factories
from tests.settings import UndefinedVariable
from tests.strict import BadPage, StrictClient, UnorderedSlice, check_response, faults_of


def draw(source: str, **context) -> str:
    return engines["django"].from_string(source).render(context)


class TestUndefinedVariables:
    @pytest.mark.parametrize(
        "source",
        [
            "{{ name }}",
            "{{ thing.name }}",
            "{{ name|upper }}",
            "{{ thing|default:name }}",
            "{% for item in name %}{% endfor %}",
            "{% for item in thing.name %}{% empty %}none{% endfor %}",
            "{% with copy=name %}{% endwith %}",
            "{% blocktranslate with copy=name %}{{ copy }}{% endblocktranslate %}",
            "{% icon name %}",
            "{% include name %}",
        ],
    )
    def test_asking_for_one_fails(self, source):
        with pytest.raises((UndefinedVariable, VariableDoesNotExist)):
            draw(source, thing={})

    def test_a_condition_may_ask_whether_there_is_one(self):
        assert draw("{% if name %}yes{% else %}no{% endif %}") == "no"

    def test_defined_ones_are_drawn(self):
        assert draw("{% for item in items %}{{ item }}{% endfor %}{{ none }}", items=[1, 2], none="") == "12"

    def test_our_own_engine_is_the_strict_one(self):
        with pytest.raises(UndefinedVariable):
            Template("{{ name }}").render(Context())


@pytest.mark.django_db
class TestOrder:
    def test_a_page_of_an_unordered_query_fails(self):
        with pytest.raises(UnorderedSlice, match="User"):
            User.objects.all()[:10]

    def test_paging_by_number_fails_too(self):
        with pytest.raises(Warning, match="unordered"):
            Paginator(User.objects.all(), 10).page(1)

    def test_an_ordered_query_may_be_cut(self):
        factories.UserFactory(), factories.UserFactory()
        assert len(User.objects.order_by("pk")[:1]) == 1
        assert User.objects.first() == User.objects.order_by("pk").first()

    def test_an_unordered_list_is_not_in_the_order_of_writing(self):
        made = [factories.UserFactory().pk for _ in range(3)]
        assert [user.pk for user in User.objects.all()] == made[::-1]
        assert [user.pk for user in User.objects.order_by("pk")] == made


@pytest.mark.django_db
def test_a_time_without_zone_fails():
    with pytest.raises(RuntimeWarning, match="naive"):
        factories.UserFactory(created_at=datetime(2020, 3, 24, 9, 0))  # noqa: DTZ001


class TestPages:
    @pytest.mark.parametrize(
        ("html", "fault"),
        [
            ('<p style="color: red">', "inline attribute style"),
            ('<a onclick="go()">', "inline attribute onclick"),
            ('<div hx-on:click="go()">', "inline attribute hx-on:click"),
            ("<script>go()</script>", "inline <script>"),
            ("<style>p {}</style>", "inline <style>"),
            ('<a href=" JavaScript:go()">', "script from its href"),
            ('<script src="https://elsewhere.example/a.js"></script>', "from elsewhere"),
            ('<link href="//elsewhere.example/a.css">', "from elsewhere"),
            ('<form method="POST" action="/x/"><input name="a"></form>', "'/x/' has no csrfmiddlewaretoken"),
            ('<i id="a"></i><b id="a"></b>', "'a' stands twice"),
            ("<p>{{ name }}</p>", "unrendered {{"),
            ("<p>{% url %}</p>", "unrendered {%"),
        ],
    )
    def test_what_breaks_a_rule_is_named(self, html, fault):
        assert fault in "; ".join(faults_of(html))

    def test_what_keeps_the_rules_passes(self):
        html = """<script src="/static/a.js"></script><script type="application/json">{"a": 1}</script>
        <form method="post"><input name="csrfmiddlewaretoken"></form><form><input></form><i id="a"></i><i id="b"></i>
        <a href="https://elsewhere.example/">a link may lead out</a>"""
        assert faults_of(html) == []

    def test_a_policy_that_lets_inline_code_run_fails(self):
        response = HttpResponse("<p>fine</p>")
        response.request = {"PATH_INFO": "/x/"}
        for policy in ("", "script-src 'self' 'unsafe-inline'"):
            response["Content-Security-Policy"] = policy
            with pytest.raises(BadPage, match="security policy"):
                check_response(response)

    def test_files_are_left_alone(self):
        check_response(HttpResponse("{{", content_type="application/pdf"))
        check_response(StreamingHttpResponse(["<p style=''>"]))


def writing_view(request):
    factories.AreaFactory()
    return HttpResponse("<p>written</p>")


def reading_view(request):
    return HttpResponse(f"<p>{Area.objects.count()}</p>")


urlpatterns = [*addresses, path("writing/", writing_view), path("reading/", reading_view)]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
class TestRequests:
    @pytest.fixture
    def signed_in(self, client):
        client.force_login(factories.UserFactory())
        return client

    def test_a_get_that_writes_fails_and_writes_nothing(self, signed_in):
        with pytest.raises(WriteInRead, match="INSERT INTO"), transaction.atomic():
            signed_in.get("/writing/")
        assert not Area.objects.exists()

    def test_a_head_that_writes_fails(self, signed_in):
        with pytest.raises(WriteInRead):
            signed_in.head("/writing/")

    def test_a_get_may_read_and_a_post_may_write(self, signed_in):
        assert signed_in.get("/reading/").status_code == 200
        assert signed_in.post("/writing/").status_code == 200
        assert Area.objects.count() == 1

    def test_a_post_without_token_is_refused(self, place, client_for):
        client = client_for("bureau_clerk")
        client.with_token = False
        assert client.post("/writing/").status_code == 403


def test_the_browser_of_the_tests_enforces_tokens(client):
    assert isinstance(client, StrictClient)
    assert client.handler.enforce_csrf_checks
