#!/usr/bin/env bash
# Make the virtual environment, also where Debian splits `venv` out of Python.
set -euo pipefail
python=$1
venv=$2

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Partenariat needs Python 3.11 or newer; '$python' is $("$python" --version 2>&1)." >&2
  echo "Name another one: make run PYTHON=python3.12" >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "→ Installing $package, which this Python lacks…"
    apt-get update -qq && apt-get install -y -qq "$package" >/dev/null
  else
    echo "This Python cannot make environments yet. Run this once, then try again:" >&2
    echo "  sudo apt-get install $package" >&2
    exit 1
  fi
fi
echo "→ Making the environment in $venv…"
"$python" -m venv "$venv"
