#!/bin/sh
# Installs what packages.txt names and the base lacks; touches no network when nothing is missing.
set -eu
missing=""
for package in $(cat /tmp/packages.txt); do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
if [ -n "$missing" ]; then
  apt-get update
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing
  rm -rf /var/lib/apt/lists/*
fi
rm -f /tmp/packages.txt /tmp/packages.sh
