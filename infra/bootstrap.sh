#!/usr/bin/env bash
# Makes .venv with the hashed lock of a group (core, dev); does nothing when it is current.
set -eu
cd "$(dirname "$0")/.."
group=${1:-core}
lock=infra/requirements/$group.txt
stamp=.venv/.phusa-$group
if [ -e "$stamp" ] && cmp -s "$lock" "$stamp"; then exit 0; fi

python=$(command -v python3.11 || command -v python3.12 || command -v python3 || true)
if ! "${python:-false}" -c 'import sys, ensurepip; assert (3, 11) <= sys.version_info < (3, 13)' 2> /dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "• Cài Python (installing Python)" >&2
    apt-get update -q > /dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends python3 python3-venv > /dev/null
    python=$(command -v python3.11 || command -v python3.12 || command -v python3)
  else
    echo "Cần Python 3.11 hoặc 3.12 có venv. Hãy chạy: sudo apt-get install -y python3 python3-venv" >&2
    echo "Python 3.11 or 3.12 with venv is needed; the command is above" >&2
    exit 1
  fi
fi

echo "• Cài thư viện Python: $group (installing the Python libraries)" >&2
[ -x .venv/bin/pip ] || "$python" -m venv .venv
.venv/bin/pip install -q --disable-pip-version-check --require-hashes -r "$lock"
.venv/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
cp "$lock" "$stamp"
