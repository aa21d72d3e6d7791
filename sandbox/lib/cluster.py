"""Runs on the cluster's node: `configure` (OSDs on standard input), `wait N`, `wait-fresh N`, `health`."""

import concurrent.futures
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


def configure(cluster):
    lines = []
    for section, settings in SETTINGS.items():
        lines.append(f"[{section}]")
        lines.extend(f"{name} = {value}" for name, value in settings.items())
    run(cluster, "config assimilate-conf", ("\n".join(lines) + "\n").encode())

    def add(line):
        number, uuid, key = line.split()
        run(cluster, "osd new", json.dumps({"cephx_secret": key}).encode(), uuid=uuid, id=int(number))

    # Side by side, because each change of the OSD map waits for the monitor's next round.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        list(pool.map(add, sys.stdin))


def state(cluster):
    health = json.loads(run(cluster, "health"))
    osds = json.loads(run(cluster, "osd stat"))
    checks = ", ".join(health.get("checks", {}))
    return health["status"], checks, osds["num_up_osds"], osds["num_in_osds"]


def wait(cluster, osds, fresh):
    deadline = time.monotonic() + SECONDS_TO_HEALTH
    while True:
        status, checks, up, inside = state(cluster)
        # The manager makes this pool by itself; a later appearance would change the dumps that tests compare.
        pools = [pool["poolname"] for pool in json.loads(run(cluster, "osd lspools"))]
        settled = not fresh or any(name in pools for name in ("device_health_metrics", ".mgr"))
        if (status, up, inside) == ("HEALTH_OK", osds, osds) and settled:
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"after {SECONDS_TO_HEALTH} s: {status} {checks}; {up} OSDs up, {inside} in; pools {pools}")
        time.sleep(0.1)


def main():
    with rados.Rados(conffile="/etc/ceph/ceph.conf", conf={"client_mount_timeout": "30"}) as cluster:
        verb = sys.argv[1]
        if verb == "configure":
            configure(cluster)
        elif verb == "health":
            status, checks, up, inside = state(cluster)
            print(f"{status} {up} up {inside} in {checks}".rstrip())
        else:
            wait(cluster, int(sys.argv[2]), verb == "wait-fresh")


main()
