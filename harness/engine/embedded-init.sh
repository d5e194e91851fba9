#!/bin/bash
# First process of the embedded engine, in its own mount, PID and network namespace: makes ROOT its root and becomes
# dockerd. Not for use by hand. Arguments: ROOT (root file system), SHARED (socket and data, seen inside as /triad).
set -eu
root=$1 shared=$2
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
# Network namespaces made from here get a small TCP table of their own instead of the shared one of 16,384 buckets, so
# that one look at a node's sockets costs 25 us instead of 1.7 ms.
echo 2048 >/proc/sys/net/ipv4/tcp_child_ehash_entries || true
# No default bridge: nothing of a zone may reach an uplink, and docker0 of another engine stays untouched.
exec dockerd --bridge none --iptables=false --ip6tables=false --host unix:///triad/docker.sock --cgroup-parent /triad \
  --exec-root /run/docker --data-root /triad/data --pidfile /run/dockerd.pid --shutdown-timeout 1 --log-level warn
