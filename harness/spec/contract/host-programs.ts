// INV-2 on a node of another vendor, which runs more than the pattern's programs: which programs of its operating
// system and which host-local container runners are no distributed scheduler. A node says in its profile what else runs
// for good. Plain data.

/** Parts of an operating system that run on every host and talk to no other one about placing work. */
const systemPrograms =
  /^(?:systemd(?:-[a-z]+)*|init|\(sd-[a-z]+\)|dbus-(?:daemon|broker|broker-launch)|agetty|getty|login|sulogin|udevd|rsyslogd|cron|crond|chronyd|ntpd|polkitd|sshd|s6-[a-z]+|runsv|runsvdir|runit|tini|dumb-init|supervisord)$/;

/** Shells and small tools, which a unit or a check runs for a moment. */
const tools =
  /^(?:sh|dash|bash|ash|busybox|sleep|cat|grep|sed|awk|mawk|gawk|ip|ss|nft|iptables|ping|arping|mv|cp|rm|ls|mkdir|mktemp|chown|chmod|ln|touch|stat|sync|date|env|test|timeout|flock|tee|head|tail|cut|tr|wc|sort|uniq|xargs|find|id|true|false|echo|printf|logger|kill|pkill|pgrep|ps|setpriv|nsenter|openssl|curl|wget|journalctl|systemctl|systemd-notify|mount|umount|findmnt|readlink|basename|dirname|expr|sysctl|hostname|inotifywait)$/;

/** Runners of containers on this host alone. What a runner of several hosts has beside them is not in this list. */
const runners =
  /^(?:podman|conmon|conmonrs|crun|runc|youki|dockerd|docker-proxy|docker-init|docker|docker-compose|containerd|containerd-shim.*|ctr|netavark|aardvark-dns|catatonit|fuse-overlayfs|slirp4netns|pasta|pasta\.avx2)$/;

/** Kubernetes and its parts, schedulers of other makers, and the stores that they share state in. */
export const distributedScheduler =
  /^(?:kube.*|k3s.*|k0s|rke2.*|microk8s.*|minikube|etcd|cri-o|crio|nomad|consul|mesos.*|marathon|swarm.*|rancher.*|pacemakerd?|corosync|zookeeper|fleetd?|crmd|pcsd)$/;

const hostPrograms: readonly RegExp[] = [systemPrograms, tools, runners];
/** Where an operating system puts its programs. A program of such a name elsewhere is another one. */
const systemFolder = /^\/(?:usr\/)?(?:s?bin|local\/s?bin|lib(?:exec)?\/(?:systemd|podman|docker|cni)|lib\/dbus-1\.0)$/;

/** Is it one of them, by the file that it runs? */
export function isHostProgram(exe: string): boolean {
  const slash = exe.lastIndexOf("/");
  return systemFolder.test(exe.slice(0, slash)) && hostPrograms.some((shape) => shape.test(exe.slice(slash + 1)));
}

/** TCP ports on which runners of several hosts listen: kubelet, API server, etcd, Docker's and Swarm's API, Nomad. */
export const schedulerPorts: ReadonlySet<number> = new Set([
  10_250, 6_443, 2_379, 2_380, 2_375, 2_376, 2_377, 4_646, 7_946,
]);
