#!/bin/sh
# Installs what the list $1 names and the base lacks, a package a line. Touches no network when nothing is missing.
set -eu
missing=""
while read -r package; do
  [ -n "$package" ] || continue
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done <"$1"
[ -n "$missing" ] || exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # a list on purpose
apt-get install -q -y --no-install-recommends $missing
rm -rf /var/lib/apt/lists/*
