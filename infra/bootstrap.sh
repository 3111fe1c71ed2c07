#!/usr/bin/env bash
# Makes .venv with the hashed lock of a group (core, dev); does nothing when it is current.
set -eu
cd "$(dirname "$0")/.."
lock=infra/requirements/${1:-core}.txt
stamp=.venv/.phusa-${1:-core}
if [ -e "$stamp" ] && cmp -s "$lock" "$stamp"; then exit 0; fi
python=$(command -v python3.11 || command -v python3.12 || command -v python3)
[ -d .venv ] || "$python" -m venv .venv
.venv/bin/pip install -q --require-hashes -r "$lock"
.venv/bin/pip install -q --no-deps -e .
cp "$lock" "$stamp"
