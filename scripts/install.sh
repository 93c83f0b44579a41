#!/bin/sh
# Makes .venv and installs what is locked in requirements/: sh scripts/install.sh run|dev
#
# Everything is checked against the hashes in the lock. The ledger itself is not installed but run
# from this folder, so a change in the code is there at once. A second run only compares a sum.
set -eu

set_name=${1:-run}
cd "$(dirname "$0")/.."
lock=requirements/$set_name.txt
venv=.venv
python=$venv/bin/python
again="then say it again: make $([ "$set_name" = run ] && echo run || echo test)"

say() { printf '%s\n' "$*" >&2; }
die() { say "" "Could not set the ledger up." "$@"; exit 1; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

# The newest Python that works; a name on PATH may be a shim with nothing behind it.
find_python() {
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3.14 python3 python}; do
        if new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    found=$("${PYTHON:-python3}" --version 2>&1 | head -n 1) || found=""
    case $found in
        "Python "*) found="Found only $found." ;;
        *) found="Found none${PYTHON:+ at PYTHON=$PYTHON}." ;;
    esac
    die "It needs Python 3.11 or newer. $found" \
        "  Debian, Ubuntu:  sudo apt install python3 python3-venv" \
        "  Fedora:          sudo dnf install python3" \
        "  macOS:           brew install python" \
        "If a newer one is there under another name: make run PYTHON=/path/to/python3"
}

make_venv() {
    rm -rf "$venv"
    base=$(find_python) || exit 1
    if [ "$1" = uv ]; then
        uv venv --quiet --no-python-downloads --python "$base" "$venv"
        return
    fi
    version=$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    "$base" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        die "Python $version is here ($base), but not the part of it that makes environments." \
            "  Debian, Ubuntu:  sudo apt install python$version-venv" "$again"
    "$base" -m venv "$venv" || die "Python could not make an environment in $venv; it says why above."
}

with_uv() {
    new_enough "$python" || make_venv uv || return 1
    uv pip install --quiet --python "$python" --require-hashes -r "$lock"
}

with_pip() {
    new_enough "$python" || make_venv pip
    # An environment that uv made has no pip.
    "$python" -m pip --version >/dev/null 2>&1 || make_venv pip
    "$python" -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r "$lock"
}

sum=$(cat "$lock" | cksum)
stamp=$venv/installed-$set_name
if [ -x "$python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && new_enough "$python"; then
    exit 0
fi

say "Installing what the ledger needs into $venv (once; up to a minute or two) …"
rm -f "$stamp"
if command -v uv >/dev/null 2>&1 && with_uv; then
    :
else
    with_pip || die "Installing from $lock failed; the lines above say why." \
        "Mostly it is the network or a proxy. Nothing outside $venv was changed." \
        "Mend that, $again (or start afresh: rm -rf $venv)"
fi

# .venv/bin/ledger works from any folder, like the command of an installed ledger.
cat >"$venv/bin/ledger" <<'END'
#!/bin/sh
root=$(cd "$(dirname "$0")/../.." && pwd)
PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}" exec "$root/.venv/bin/python" -m ledger "$@"
END
chmod +x "$venv/bin/ledger"

# Each lock for developers holds the same versions as run.txt and more.
[ "$set_name" = run ] || cat requirements/run.txt | cksum >"$venv/installed-run"
printf '%s\n' "$sum" >"$stamp"
