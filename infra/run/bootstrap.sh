#!/usr/bin/env bash
# Makes .venv with the hashed lock of a group (core, dev); does nothing when it is current.
set -eu
cd "$(dirname "$0")/../.."
group=${1:-core}
lock=infra/run/requirements/$group.txt
stamp=.venv/.phusa-$group
# The command phusa is written when the package is installed: its place (pyproject.toml) counts too.
wanted=$(cat "$lock" pyproject.toml | cksum)
if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then exit 0; fi

# Bytewax has wheels for 3.11 and 3.12 only.
find_python() {
  for python in python3.11 python3.12 python3; do
    "$python" -c 'import sys, ensurepip; assert (3, 11) <= sys.version_info < (3, 13)' 2> /dev/null && return 0
  done
  return 1
}
if ! find_python && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
  echo "• Cài Python (installing Python)" >&2
  apt-get update -q > /dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends python3 python3-venv > /dev/null
fi
if ! find_python; then
  echo "Cần Python 3.11 hoặc 3.12 có venv. Trên Debian 12: sudo apt-get install -y python3 python3-venv" >&2
  echo "Python 3.11 or 3.12 with venv is needed; on Debian 12 the command above installs it" >&2
  exit 1
fi

echo "• Cài thư viện Python: $group (installing the Python libraries)" >&2
[ -x .venv/bin/pip ] || "$python" -m venv .venv
.venv/bin/pip install -q --disable-pip-version-check --require-hashes -r "$lock"
.venv/bin/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
# The page is tested in a real browser; without one these tests are skipped, and say so.
if [ "$group" = dev ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null && ! command -v chromium > /dev/null && ! command -v google-chrome > /dev/null; then
  echo "• Cài Chromium để thử trang thông tin (installing Chromium, for the tests of the page)" >&2
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium; } > /dev/null 2>&1 \
    || echo "  không cài được; các phép thử ấy sẽ bị bỏ qua (not installed: those tests will be skipped)" >&2
fi
echo "$wanted" > "$stamp"
