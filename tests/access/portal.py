"""Start page, language, watching, the interface's own description."""

from __future__ import annotations

from tests.access.rows import Row, answers, everybody

TABLE: dict[str, list[Row]] = {
    "home": [Row(answers({"officials": 302, "reporter": 302, "liaison_officer": 302, "auditor": 302}, rest=200))],
    "healthz": [Row(everybody(200))],
    "readyz": [Row(everybody(200))],
    "metrics": [Row(everybody(200))],  # from this machine; tests/portal/test_watching.py asks from elsewhere
    "status": [Row(answers({"administrator@city": 200}, rest=403))],
    "language": [Row(None, everybody(302), data=lambda place: {"language": "en"})],
    "large_type": [Row(None, everybody(302))],
    "api_openapi": [Row(everybody(200))],
    "api_docs": [Row(everybody(200))],
}
