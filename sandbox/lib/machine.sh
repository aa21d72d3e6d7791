# shellcheck shell=bash
# What the sandbox needs of the machine it runs on.

check_machine() {
  [[ $(uname -s) == Linux ]] || unavailable "it needs Linux"
  ((EUID == 0)) || unavailable "it needs root (it makes namespaces, mounts and bridges)"
  local family
  # In a subshell: the file sets NAME and many more.
  # shellcheck disable=SC1091
  family=$([[ ! -r /etc/os-release ]] || { . /etc/os-release && echo "${ID-} ${ID_LIKE-}"; })
  case " $family " in
    *" debian "* | *" ubuntu "*) ;;
    *) unavailable "it needs Debian or Ubuntu (this is ${family:-unknown})" ;;
  esac
  unshare --mount --net --uts --ipc --pid --fork true 2>/dev/null ||
    unavailable "this machine does not let root make namespaces"
  machine_has_systemd || [[ -n $(cgroup_roots) ]] ||
    unavailable "no writable cgroup hierarchy is mounted under /sys/fs/cgroup"
}

# The hierarchies in which systemd inside a host wants a group of its own.
cgroup_roots() {
  local root
  for root in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
    [[ -w $root/cgroup.procs ]] && printf '%s\n' "$root"
  done
  return 0
}

# systemd of each node takes up to five inotify instances of root's, and 128, Linux's default, end at some 25 nodes. Until the machine's next boot;
# where it may not be set, a node that lacks one says so.
readonly INOTIFY_INSTANCES=/proc/sys/fs/inotify/max_user_instances
raise_inotify() {
  (($(<"$INOTIFY_INSTANCES") >= 1024)) || echo 1024 2>/dev/null >"$INOTIFY_INSTANCES" || true
}

# Installs the few tools that are missing; everything else lives in the sandbox's own trees.
install_tools() {
  local wanted=() pair
  for pair in systemd-nspawn:systemd-container mmdebstrap:mmdebstrap ip:iproute2 ssh:openssh-client pgrep:procps; do
    command -v "${pair%%:*}" >/dev/null || wanted+=("${pair#*:}")
  done
  ((${#wanted[@]})) || return 0
  step "installing ${wanted[*]} on this machine" "10 s"
  local apt=(apt-get -o DPkg::Lock::Timeout=300 -qq)
  export DEBIAN_FRONTEND=noninteractive
  "${apt[@]}" update >&2
  "${apt[@]}" install -y --no-install-recommends "${wanted[@]}" >/dev/null
  step_done
}
