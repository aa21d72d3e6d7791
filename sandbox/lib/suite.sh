# shellcheck shell=bash
# The distribution's releases beside each other: which one the hosts are of, and which one the cluster.

# Chosen when a sandbox is made; afterwards it keeps them.
readonly SUITES_FILE=$STATE/identity/suites

machine_suite() {
  # In a subshell: the file sets NAME and many more.
  # shellcheck disable=SC1091
  (. /etc/os-release && printf '%s' "${VERSION_CODENAME:?the release has no code name}")
}

# hosts_suite, ceph_suite: of this sandbox; of one that is not made yet, as wanted.
hosts_suite() { suite_recorded 1 || printf '%s' "${SANDBOX_SUITE:-$(machine_suite)}"; }
ceph_suite() { suite_recorded 2 || printf '%s' "${SANDBOX_CEPH_SUITE:-$(hosts_suite)}"; }

# A sandbox of before there was a choice is of the machine's release.
suite_recorded() {
  local hosts ceph
  [[ -d $STATE/identity ]] || return 1
  hosts=$(machine_suite) ceph=$hosts
  [[ ! -e $SUITES_FILE ]] || read -r hosts ceph <"$SUITES_FILE"
  case $1 in 1) printf '%s' "$hosts" ;; 2) printf '%s' "$ceph" ;; esac
}

# The release of OpenStack that the hosts' files are of; none where that is not known.
suite_openstack() {
  case $(hosts_suite) in
    bullseye) printf victoria ;;
    bookworm) printf zed ;;
    trixie) printf 2025.1 ;;
    forky) printf 2026.1 ;;
  esac
}

check_suites() {
  local name
  for name in SANDBOX_SUITE SANDBOX_CEPH_SUITE; do
    [[ ${!name-} =~ ^[a-z]*$ ]] || die "$name '${!name}': give the code name of a release, such as bookworm"
  done
}

# What the environment asks for must be what the sandbox has.
suites_kept() {
  [[ -d $STATE/identity ]] || return 0
  suite_kept SANDBOX_SUITE hosts "$(hosts_suite)"
  suite_kept SANDBOX_CEPH_SUITE "the cluster" "$(ceph_suite)"
}
suite_kept() {
  local wanted=${!1-}
  [[ -z $wanted || $wanted == "$3" ]] ||
    die "$1=$wanted, but '$NAME' has $2 of $3; take another SANDBOX_NAME, or run: sandbox destroy"
}

# The machine's own package sources with the release's name changed, so that a local mirror is honoured.
suite_sources() {
  local suite=$1 file own id
  # shellcheck disable=SC1091
  id=$(. /etc/os-release && printf '%s' "$ID")
  own=$(machine_suite)
  for file in "/etc/apt/sources.list.d/$id.sources" /etc/apt/sources.list; do
    [[ -s $file ]] || continue
    if [[ $suite == "$own" ]]; then
      cat "$file"
    else
      sed "s/\\b$own\\b/$suite/g" "$file" | suite_sources_edit "$suite"
    fi
    return
  done
}

# What a release changes in the sources and adds to the trees. A release's own file beside this one may say otherwise.
suite_sources_edit() { cat; }
suite_ceph() { :; }
# suite_glance ROOT before|after: around the fetch of Glance's files, or of its code.
suite_glance() { :; }

suite_load() {
  # shellcheck source=/dev/null
  [[ ! -e $SANDBOX_LIB/suites/$1.sh ]] || . "$SANDBOX_LIB/suites/$1.sh"
}
