#!/usr/bin/env bash
# Called by script/wheel --try with the folder of the wheel. As root it goes on as `nobody`; nothing of the checkout is reached.
set -euo pipefail
DIST="$1"
if [ "$EUID" -eq 0 ]; then
    PLACE="$(mktemp -d /tmp/fugong-wheel.XXXXXX)"
    trap 'rm -rf "$PLACE"' EXIT
    cp "$DIST"/*.whl "$DIST"/requirements*.txt "$DIST"/install.sh "${BASH_SOURCE[0]}" "$PLACE/"
    chown -R 65534:65534 "$PLACE"
    cd /
    env -i HOME="$PLACE" PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 ${HTTPS_PROXY:+HTTPS_PROXY="$HTTPS_PROXY"} \
        setpriv --reuid 65534 --regid 65534 --clear-groups bash "$PLACE/$(basename "${BASH_SOURCE[0]}")" "$PLACE"
    exit
fi

say() { printf '== %s\n' "$*"; }
cd "$DIST"
SERVER='' WORKER=''
export FUGONG_HOME="$DIST/home" FUGONG_PG=embedded
FUGONG_CLOCK="2020-03-24T08:00:00+08:00@$(date +%s)"
export FUGONG_CLOCK
finish() {
    for pid in $SERVER $WORKER; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
    [ ! -x venv/bin/python ] || venv/bin/python -m fugong.config.postgres stop || true
}
trap finish EXIT

say "an empty environment for $(id -un), $(python3 --version)"
FUGONG_EMBEDDED=1 sh install.sh "$DIST" "$DIST/venv"
PATH="$DIST/venv/bin:$PATH"
hash -r
before="$(find venv -type f ! -name '*.pyc' | sort | sha256sum)"

say "fugong $(fugong --version): tables, demonstration city"
fugong migrate --verbosity 0
fugong load-demo

say "the bulletin"
fugong bulletin --on 2020-03-23 --out bulletin.docx
python - <<'PYTHON'
import docx
text = "\n".join(p.text for p in docx.Document("bulletin.docx").paragraphs)
assert "复工" in text, text[:200]
print(text[:120].replace("\n", " / "))
PYTHON

say "pages"
PORT=18431
fugong serve --port $PORT &
SERVER=$!
fugong worker &
WORKER=$!
python - $PORT <<'PYTHON'
import re, sys, time, urllib.request
base = f"http://127.0.0.1:{sys.argv[1]}"
def get(path):
    with urllib.request.urlopen(base + path, timeout=20) as answer:
        return answer.status, answer.read().decode()
for _attempt in range(120):
    try:
        get("/healthz/")
        break
    except OSError:
        time.sleep(0.5)
status, page = get("/accounts/login/")
assert status == 200 and "登录" in page, page[:300]
links = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
assert links
for link in [*links, "/static/vendor/tabler.min.css", "/static/vendor/echarts.min.js", "/static/vendor/icons.svg"]:
    assert get(link)[0] == 200, link
print(f"sign-in page in Chinese, {len(links)} files of its own, all served")
PYTHON

say "doctor"
for _attempt in 1 2 3 4 5 6 7 8 9 10; do fugong doctor >doctor.txt && break || sleep 2; done
cat doctor.txt

say "backup and a second home"
fugong backup --to backups
FUGONG_HOME="$DIST/second" fugong restore backups/fugong-* | tail -3
FUGONG_HOME="$DIST/second" python -m fugong.config.postgres stop

test "$before" = "$(find venv -type f ! -name '*.pyc' | sort | sha256sum)" || { echo "something was written among the packages"; exit 1; }
say "nothing was written among the installed packages; everything lies under FUGONG_HOME:"
ls home
say "all of it works from the wheel alone"
