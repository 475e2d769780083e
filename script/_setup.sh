# Sourced by the scripts beside it: `setup base` or `setup test` makes the project's environment, browser files and
# catalogues when they are missing or out of date. Quick when they are there. Says everything on stderr: stdout belongs
# to the command. The machine's own pip and npm settings are kept.
# shellcheck shell=bash

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="$ROOT/.venv"
PYTHON="$VENV/bin/python"
export PYTHONPATH="$ROOT${PYTHONPATH:+:$PYTHONPATH}"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$(basename "$0"): $*"
    exit 1
}

# Debian packages, as root only; the lists are fetched when a package is not found in them.
install_packages() {
    command -v apt-get >/dev/null || return 1
    say "Installing $* with apt-get ..."
    local install=(env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$@")
    "${install[@]}" </dev/null >&2 || { apt-get update --quiet </dev/null >&2 && "${install[@]}" </dev/null >&2; }
}

has_library() { [[ "$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null)" == *"$1"* ]]; }
has_chinese_font() {
    compgen -G '/usr/share/fonts/*/noto/NotoSansCJK*' >/dev/null || [ -n "$(fc-list 'Noto Sans CJK SC' 2>/dev/null)" ]
}

# What PDF needs of the system, by the names of its Debian packages, one a line; nothing when all is there.
missing_for_pdf() {
    has_chinese_font || echo fonts-noto-cjk
    has_library libpango-1.0.so.0 || echo libpango-1.0-0
    has_library libpangoft2-1.0.so.0 || echo libpangoft2-1.0-0
}

find_python() {
    local candidate
    for candidate in python3.11 python3 python3.12 python3.13 python3.14; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

has_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

make_venv() {
    local base
    base="$(find_python)" || { [ "$EUID" -eq 0 ] && install_packages python3 python3-venv; } || true
    base="$(find_python)" || fail "Python 3.11 or newer is needed and was not found."
    if ! has_venv "$base" && [ "$EUID" -eq 0 ]; then
        install_packages python3-venv || true
    fi
    has_venv "$base" || fail "$base cannot make an environment (ensurepip is missing): install the package python3-venv."
    say "Making the environment with $("$base" --version) ..."
    rm -rf "$VENV"
    "$base" -m venv "$VENV" >&2 || fail "the environment $VENV could not be made."
}

# The stamp is a copy of the list that was installed.
installed() { [ -x "$PYTHON" ] && cmp -s "$ROOT/requirements/$1.txt" "$VENV/requirements-$1.txt"; }

install_requirements() {
    { [ -x "$PYTHON" ] && "$PYTHON" -m pip --version >/dev/null 2>&1; } || make_venv
    say "Installing the packages of requirements/$1.txt ..."
    "$PYTHON" -m pip install -qq --require-hashes -r "$ROOT/requirements/$1.txt" </dev/null >&2 ||
        fail "the packages of requirements/$1.txt could not be installed."
    cp "$ROOT/requirements/$1.txt" "$VENV/requirements-$1.txt"
    if [ "$1" = test ]; then # it holds everything that base holds
        cp "$ROOT/requirements/base.txt" "$VENV/requirements-base.txt"
    fi
}

catalogues_fresh() {
    local text
    for text in "$ROOT"/fugong/locale/*/LC_MESSAGES/django.po; do
        if [ "$text" -nt "${text%.po}.mo" ]; then return 1; fi # also when there is no .mo
    done
}

setup() {
    local kind="$1"
    if installed "$kind" && "$PYTHON" "$ROOT/script/vendor" --fresh && catalogues_fresh; then return; fi
    mkdir -p "$ROOT/.fugong"
    exec 9>>"$ROOT/.fugong/setup.lock"
    if command -v flock >/dev/null; then flock 9; fi # two scripts started at once do not mix
    installed "$kind" || install_requirements "$kind"
    "$PYTHON" "$ROOT/script/vendor" 9>&- || exit 1
    catalogues_fresh || "$PYTHON" -P -m fugong messages --compile >&2 9>&-
    exec 9>&-
}
