#!/bin/bash
# First process of the embedded engine, in its own mount, PID and network namespace. Makes ROOT its root and becomes
# dockerd. Not for use by hand. Arguments: ROOT (root file system), SHARED (socket and data; /triad inside), CGROUP (the
# control group of the containers).
set -eu
root=$1 shared=$2 cgroup=$3
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mkdir -p "$root/triad" "$root/old"
mount --bind "$shared" "$root/triad"
ip link set lo up
cd "$root"
pivot_root . old # a plain chroot breaks image import
umount -l /old
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mkdir -p /triad/data
# New network namespaces get a small TCP table of their own instead of the shared one with 16,384 buckets. Then one look
# at a node's sockets costs 25 us instead of 1.7 ms.
echo 2048 >/proc/sys/net/ipv4/tcp_child_ehash_entries || true
# No default bridge: a zone must not reach an uplink, and docker0 of another engine stays untouched.
exec dockerd --bridge none --iptables=false --ip6tables=false --host unix:///triad/docker.sock --cgroup-parent "$cgroup" \
  --exec-root /run/docker --data-root /triad/data --pidfile /run/dockerd.pid --shutdown-timeout 1 --log-level warn
