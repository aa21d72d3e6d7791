"""Runs on the cluster's node: `configure` (OSDs on standard input), `wait N`, `wait-pristine N`, `health`."""

import concurrent.futures
import errno
import json
import sys
import time

import rados

# Kept in the configuration database. Size 1 is a legal pool here and no reason for a warning.
SETTINGS = {
    "global": {
        "auth_allow_insecure_global_id_reclaim": "false",
        "mon_allow_pool_size_one": "true",
        "mon_warn_on_pool_no_redundancy": "false",
        "osd_pool_default_size": "2",
        "osd_pool_default_min_size": "1",
        "osd_pool_default_pg_num": "8",
        # Many small pools on three OSDs.
        "mon_max_pg_per_osd": "2000",
        # Never full because the machine's disk is: OSDs are sparse files.
        "mon_data_avail_warn": "1",
        "mon_data_avail_crit": "0",
    },
    "osd": {"osd_memory_target": "939524096"},
}
SECONDS_TO_HEALTH = 120


def run(cluster, prefix, inbuf=b"", **arguments):
    command = json.dumps({"prefix": prefix, "format": "json", **arguments})
    code, out, text = cluster.mon_command(command, inbuf)
    if code != 0:
        raise SystemExit(f"ceph {prefix}: {code} {text}")
    return out


def major(cluster):
    text = json.loads(run(cluster, "version"))["version"]
    return int(text.split()[2].split(".")[0])


def configure(cluster):
    lines = []
    for section, settings in SETTINGS.items():
        lines.append(f"[{section}]")
        lines.extend(f"{name} = {value}" for name, value in settings.items())
    run(cluster, "config assimilate-conf", ("\n".join(lines) + "\n").encode())

    def add(line):
        number, uuid, key = line.split()
        run(cluster, "osd new", json.dumps({"cephx_secret": key}).encode(), uuid=uuid, id=int(number))

    # It cannot be loaded there, and is gone in Ceph 20.
    if major(cluster) in (18, 19):
        run(cluster, "mgr module disable", module="restful")

    # Side by side, because each change of the OSD map waits for the monitor's next round.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(add, sys.stdin))


def state(cluster):
    health = json.loads(run(cluster, "health"))
    osds = json.loads(run(cluster, "osd stat"))
    osds = osds.get("osdmap", osds)  # Ceph 14 puts it one deeper.
    checks = ", ".join(health.get("checks", {}))
    return health["status"], checks, osds["num_up_osds"], osds["num_in_osds"]


def is_well(cluster):
    """OK, or no more than a hint that clients of an older release are let in, which is what they are here for."""
    health = json.loads(run(cluster, "health"))
    return health["status"] == "HEALTH_OK" or all(name.startswith("AUTH_INSECURE_") for name in health.get("checks", {}))


def ask(send, *target, prefix):
    deadline = time.monotonic() + SECONDS_TO_HEALTH
    command = json.dumps({"prefix": prefix, "format": "json"})
    code, out, text = send(*target, command, b"")
    # ENXIO: the map says that this daemon is down, which is so until it has booted. ETIMEDOUT: the command went to where
    # the daemon was before the power loss. Ceph 18's mgr_command gives it without the sign.
    while abs(code) in (errno.ENXIO, errno.ETIMEDOUT) and time.monotonic() < deadline:
        time.sleep(0.2)
        code, out, text = send(*target, command, b"")
    if code != 0:
        raise SystemExit(f"{' '.join(map(str, target))} {prefix}: {code} {text}")
    return json.loads(out)


def answered_by_every_daemon(cluster, osds):
    """After a power loss the monitor's maps still say "up" for a while; an answer of the daemon itself does not lie."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        answers = [pool.submit(ask, cluster.osd_command, number, prefix="version") for number in range(osds)]
        answers.append(pool.submit(ask, cluster.mgr_command, prefix="pg stat"))
        for answer in answers:
            answer.result()


def groups_are(cluster, word):
    summary = ask(cluster.mgr_command, prefix="pg stat")["pg_summary"]
    names = [group["name"] for group in summary["num_pg_by_state"]]
    return bool(names) and all(word in name.split("+") for name in names)


def usable(cluster):
    """Whatever warning the pools of a user cause, the cluster works. Ceph 14 has no pool of its own."""
    return groups_are(cluster, "active") or (major(cluster) < 15 and not json.loads(run(cluster, "osd lspools")))


def pristine(cluster):
    # The manager makes this pool by itself; a later appearance would change the dumps that tests compare.
    pools = [pool["poolname"] for pool in json.loads(run(cluster, "osd lspools"))]
    if major(cluster) < 15:
        return not pools and is_well(cluster)
    own = any(name in pools for name in ("device_health_metrics", ".mgr"))
    return own and is_well(cluster) and groups_are(cluster, "clean")


def wait(cluster, osds, good):
    deadline = time.monotonic() + SECONDS_TO_HEALTH
    answered_by_every_daemon(cluster, osds)
    while True:
        status, checks, up, inside = state(cluster)
        if (up, inside) == (osds, osds) and good(cluster):
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"after {SECONDS_TO_HEALTH} s: {status} {checks}; {up} OSDs up, {inside} in")
        time.sleep(0.1)


def main():
    # osd_command and mgr_command ignore their own timeout argument; these options bound them.
    limits = {"client_mount_timeout": "30", "rados_osd_op_timeout": "5", "rados_mon_op_timeout": "15"}
    with rados.Rados(conffile="/etc/ceph/ceph.conf", conf=limits) as cluster:
        verb = sys.argv[1]
        if verb == "configure":
            configure(cluster)
        elif verb == "health":
            status, checks, up, inside = state(cluster)
            print(f"{status} {up} up {inside} in {checks}".rstrip())
        else:
            wait(cluster, int(sys.argv[2]), pristine if verb == "wait-pristine" else usable)


main()
