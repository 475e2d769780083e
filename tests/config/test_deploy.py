"""The recipes in deploy/: read by the programs that they are for, where those are here, and tried."""

import configparser
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import closing
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin")


class Upstream(BaseHTTPRequestHandler):
    """Stands where Fugong would: remembers what the proxy passed on."""

    seen: list

    def do_GET(self):
        self.seen.append((self.path, dict(self.headers)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args):
        pass


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def proxied(tmp_path):
    """The recipe with paths and ports of the test, in a real nginx with a certificate of its own; (port, seen)."""
    if NGINX is None:
        pytest.fail("nginx is missing: script/test installs it as root (Debian: apt-get install nginx-light openssl)")
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=fugong.example.cn",
    ]
    keys = ["-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")]
    subprocess.run([*command, *keys], check=True, capture_output=True)
    seen: list = []
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Upstream,), {"seen": seen}))
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    port = free_port()
    recipe = (DEPLOY / "nginx/fugong.conf").read_text()
    for old, new in {
        "/etc/ssl/fugong": str(tmp_path),
        "/var/cache/nginx": str(tmp_path),
        "/var/log/nginx": str(tmp_path),
        "127.0.0.1:8000": f"127.0.0.1:{upstream.server_port}",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
    }.items():
        assert old in recipe, old
        recipe = recipe.replace(old, new)
    places = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""  # the folder of the test is closed to others
    main = f"{user} daemon off; pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {places} {recipe} }}"
    (tmp_path / "nginx.conf").write_text(main)
    tested = subprocess.run(
        [NGINX, "-t", "-c", tmp_path / "nginx.conf", "-p", tmp_path], capture_output=True, text=True
    )
    assert tested.returncode == 0, tested.stderr
    server = subprocess.Popen([NGINX, "-c", tmp_path / "nginx.conf", "-p", tmp_path], stderr=subprocess.DEVNULL)
    try:
        for _attempt in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port, seen
    finally:
        server.terminate()
        server.wait(10)
        upstream.shutdown()
        upstream.server_close()


def ask(port: int, path: str, **headers: str):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with closing(HTTPSConnection("127.0.0.1", port, context=context, timeout=10)) as connection:
        connection.request("GET", path, headers={"Host": "fugong.example.cn", **headers})
        answer = connection.getresponse()
        answer.read()
        return answer


def test_nginx_recipe_passes_on_what_is_true_and_caches_what_is_public(proxied):
    port, seen = proxied
    forged = {"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "http", "X-Request-ID": "mine"}
    assert ask(port, "/my/", Cookie="sessionid=abc", **forged).status == 200
    _path, headers = seen[-1]
    assert headers["X-Forwarded-For"] == "127.0.0.1"
    assert headers["X-Forwarded-Proto"] == "https"
    assert re.fullmatch(r"[0-9a-f]{32}", headers["X-Request-ID"])
    assert headers["Host"] == "fugong.example.cn"
    assert headers["Cookie"] == "sessionid=abc"
    ask(port, "/my/")
    assert len(seen) == 2  # nothing personal is kept

    first, second = (ask(port, "/public/zh-hans/figures/", Cookie="sessionid=abc") for _time in range(2))
    assert (first.getheader("X-Cache"), second.getheader("X-Cache")) == ("MISS", "HIT")
    assert [path for path, _headers in seen].count("/public/zh-hans/figures/") == 1
    assert "Cookie" not in seen[-1][1]
    assert seen[-1][1]["X-Forwarded-Proto"] == "https"  # else the program would redirect for ever

    before = len(seen)
    assert ask(port, "/metrics/").status == 404
    assert len(seen) == before


def units() -> dict[str, configparser.ConfigParser]:
    found = {}
    for path in (DEPLOY / "systemd").iterdir():
        unit = configparser.ConfigParser(strict=False, interpolation=None)
        unit.optionxform = str
        unit.read(path)
        found[path.name] = unit
    return found


def test_units_start_commands_that_exist():
    from django.core.management import get_commands

    read = units()
    assert set(read) == {
        "fugong-database.service", "fugong-web.service", "fugong-worker.service", "fugong-backup.service",
        "fugong-backup.timer",
    }  # fmt: skip
    for name, unit in read.items():
        if not unit.has_section("Service"):
            continue
        assert unit["Service"]["User"] == "fugong", name
        words = unit["Service"]["ExecStart"].split()
        assert words[0] in {"/opt/fugong/bin/fugong", "/opt/fugong/bin/python"}
        if words[0].endswith("/fugong"):
            assert words[1] in get_commands()
    for name in ("fugong-database", "fugong-web", "fugong-worker"):
        assert read[f"{name}.service"]["Service"]["Restart"] == "always"


def test_settings_of_the_example_are_documented():
    documented = (ROOT / "docs/settings.md").read_text()
    names = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "fugong.env").read_text(), re.M)
    assert len(names) > 5
    assert [name for name in names if f"| `{name}` |" not in documented] == []
