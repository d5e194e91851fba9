#!/bin/sh
# Installs the packages of packages.txt that are missing. Does nothing, and needs no network, when all are there.
set -eu
missing=""
while read -r package; do
  [ -n "$package" ] || continue
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done <"${1:-/tmp/packages.txt}"
[ -n "$missing" ] || exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # a list on purpose
apt-get install -q -y --no-install-recommends $missing
rm -rf /var/lib/apt/lists/*
