#!/bin/sh
# Installs Fugong from a folder that script/wheel filled (the wheel and its locks) into an environment of its own.
#   deploy/install.sh DIST [PREFIX]      PREFIX is /opt/fugong by default; run again with a newer DIST it upgrades
# The same steps make the container image (Containerfile) and are walked by `script/wheel --try`.
set -eu
DIST="$1"
PREFIX="${2:-/opt/fugong}"
[ -x "$PREFIX/bin/python" ] || python3 -m venv "$PREFIX"
"$PREFIX/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r "$DIST/requirements.txt"
if [ "${FUGONG_EMBEDDED:-0}" = 1 ]; then
    "$PREFIX/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r "$DIST/requirements-embedded.txt"
fi
"$PREFIX/bin/python" -m pip install -qq --disable-pip-version-check --no-deps --no-index --force-reinstall "$DIST"/fugong-*.whl
"$PREFIX/bin/python" -m pip check
"$PREFIX/bin/fugong" --version
