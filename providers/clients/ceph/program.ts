/**
 * The program on the admin host: one process per cluster and run, however many pools and entities are looked at. A `ceph` process costs
 * 270 ms of CPU each; a monitor command on an open librados connection 1-4 ms.
 * @see https://docs.ceph.com/en/latest/rados/api/python/
 */
import type { Program } from "../../remote/machine.js";

/** Exit code where no python3 with the `rados` module is found: then Ceph's own tools serve. */
export const NO_RADOS = 64;

/**
 * Requests on standard input, one JSON object a line, each with an `id`; answers on standard output in any order. `code` is 0 or the errno.
 * Ends when standard input closes, after finishing what runs: a delete must switch pool deletion off again even if the connection is cut.
 * Arguments: entity, cluster name, configuration file or "", keyring or "", connect timeout, command timeout (seconds).
 */
export const CEPH_PYTHON = String.raw`
import json, os, select, signal, subprocess, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
try:
    import rados
except ImportError:
    sys.exit(64)

ENTITY, NAME, CONF, KEYRING, CONNECT, COMMAND = sys.argv[1:7]
IDLE, LONGEST = 900, 1 << 22
SWITCH = "mon_allow_pool_delete"
BOOKKEEPING = ("rbd_info", "rbd_directory", "rbd_children", "rbd_trash", "rbd_namespace", "rbd_group_directory")
signal.signal(signal.SIGHUP, signal.SIG_IGN)
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
speaking = threading.Lock()

def say(message):
    data = (json.dumps(message) + "\n").encode()
    with speaking:
        try:
            while data:
                data = data[os.write(1, data):]
        except OSError:
            pass

def failed(error):
    number = getattr(error, "errno", None)
    return {"code": abs(number) if number else 5, "out": "", "text": str(error)}

def connected():
    cluster = rados.Rados(name=ENTITY, clustername=NAME, conffile=CONF)
    cluster.conf_set("client_mount_timeout", CONNECT)
    cluster.conf_set("rados_mon_op_timeout", COMMAND)
    cluster.conf_set("rados_osd_op_timeout", COMMAND)
    if KEYRING:
        cluster.conf_set("keyring", KEYRING)
    cluster.connect()
    return cluster

def mon(command, data=b"", target=None):
    code, out, text = cluster.mon_command(json.dumps(command), data, target=target)
    return {"code": abs(code), "out": out.decode("utf-8", "replace"), "text": text}

def stat(pool, name):
    with cluster.open_ioctx(pool) as io:
        io.stat(name)
    return {"code": 0, "out": "", "text": ""}

def tool(name, *words):
    options = ["--cluster", NAME, "-n", ENTITY, "--client_mount_timeout", CONNECT, "--rados_osd_op_timeout", COMMAND]
    options += ["-c", CONF] if CONF else []
    options += ["-k", KEYRING] if KEYRING else []
    done = subprocess.run([name] + options + list(words), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return {"code": done.returncode, "out": "", "text": done.stderr.decode("utf-8", "replace")[-2000:]}

def init(pool):
    try:
        import rbd
    except ImportError:
        return tool("rbd", "pool", "init", pool)
    with cluster.open_ioctx(pool) as io:
        rbd.RBD().pool_init(io, False)
    return {"code": 0, "out": "", "text": ""}

def keyless(io, name):
    with rados.ReadOpCtx() as op:
        keys, _ = io.get_omap_keys(op, "", 1)
        io.operate_read_op(op, name)
        return not list(keys)

def content(pool, most=5):
    found = []
    with cluster.open_ioctx(pool) as every, cluster.open_ioctx(pool) as io:
        every.set_namespace(rados.LIBRADOS_ALL_NSPACES)
        for entry in every.list_objects():
            if entry.key in BOOKKEEPING:
                io.set_namespace(entry.nspace)
                if keyless(io, entry.key):
                    continue
            found.append((entry.nspace + "/" if entry.nspace else "") + entry.key)
            if len(found) == most:
                break
    return found

class Switch:
    """Pool deletion, switched on for as long as somebody here deletes: in the monitors' memory, by their names; by "" in the database of Ceph 14."""
    def __init__(self):
        self.lock, self.holders, self.before = threading.Lock(), 0, {}

    def tell(self, name, **command):
        return mon(dict(command, var=SWITCH), target=name)

    def on(self):
        quorum = json.loads(mon({"prefix": "quorum_status", "format": "json"})["out"])["quorum_names"]
        for name in quorum:
            answer = mon({"prefix": "config diff get", "var": SWITCH, "format": "json"}, target=name)
            if answer["code"] == 22:
                return self.on_in_database()
            levels = (json.loads(answer["out"]) if answer["code"] == 0 else {}).get("diff", {}).get(SWITCH, {})
            if str(levels.get("final", False)).lower() == "true":
                continue
            self.before.setdefault(name, levels.get("override"))
            self.tell(name, prefix="config set", val=["true"])

    def on_in_database(self):
        """Ceph 14: what injectargs puts into a monitor's memory cannot be taken out, and hides the database from then on."""
        entries = json.loads(mon({"prefix": "config dump", "format": "json"})["out"])
        values = [entry["value"] for entry in entries if (entry["section"], entry["name"]) == ("mon", SWITCH)]
        if values != ["true"]:
            self.before.setdefault("", values[0] if values else None)
            mon({"prefix": "config set", "who": "mon", "name": SWITCH, "value": "true"})

    def back_in_database(self, value):
        if value is None:
            return mon({"prefix": "config rm", "who": "mon", "name": SWITCH})
        return mon({"prefix": "config set", "who": "mon", "name": SWITCH, "value": value})

    def off(self):
        for name, value in self.before.items():
            for _ in range(5):
                if name == "":
                    answer = self.back_in_database(value)
                elif value is None:
                    answer = self.tell(name, prefix="config unset")
                else:
                    answer = self.tell(name, prefix="config set", val=[str(value).lower()])
                if answer["code"] in (0, 2, 110):
                    break
                time.sleep(0.5)
        self.before = {}

    def release(self):
        self.holders -= 1
        if self.holders == 0:
            self.off()

    def __enter__(self):
        with self.lock:
            self.holders += 1
            try:
                self.on()
            except BaseException:
                self.release()
                raise

    def __exit__(self, *_):
        with self.lock:
            self.release()

switch = Switch()

def delete(pool, pool_id, force):
    if cluster.pool_lookup(pool) != pool_id:
        return {"code": 116, "out": "", "text": "pool '%s' is not pool %d" % (pool, pool_id)}
    found = [] if force else content(pool)
    if found:
        return {"code": 39, "out": json.dumps(found), "text": ""}
    command = {"prefix": "osd pool rm", "pool": pool, "pool2": pool, "yes_i_really_really_mean_it": True}
    # EPERM for the switch: another run has just put it back, or the monitors' leader has changed.
    for _ in range(10):
        with switch:
            answer = mon(command)
        if answer["code"] != 1 or SWITCH not in answer["text"]:
            return answer
        time.sleep(0.3)
    return answer

def act(request):
    do = request["do"]
    if do == "mon":
        return mon(request["command"], request.get("input", "").encode())
    if do == "stat":
        return stat(request["pool"], request["object"])
    if do == "init":
        return init(request["pool"])
    if do == "delete":
        return delete(request["pool"], request["poolId"], request["force"])
    return {"code": 22, "out": "", "text": "unknown request"}

def serve(request):
    try:
        answer = act(request)
    except Exception as error:
        answer = failed(error)
    say(dict(answer, id=request["id"]))

def lines():
    rest = b""
    while select.select([0], [], [], IDLE)[0]:
        data = os.read(0, 65536)
        if not data:
            return
        *whole, rest = (rest + data).split(b"\n")
        if len(rest) > LONGEST:
            return
        for line in whole:
            yield json.loads(line)

try:
    cluster = connected()
except Exception as error:
    say(dict(failed(error), hello=False))
    sys.exit(0)
try:
    say({"hello": True, "fsid": cluster.get_fsid()})
    with ThreadPoolExecutor(48) as pool:
        for request in lines():
            pool.submit(serve, request)
finally:
    # However this ends: librados's threads outlive the interpreter otherwise, which then crashes once in a thousand times.
    cluster.shutdown()
`;

/**
 * Tries the distribution's python3 first: the one on PATH may be a version manager's, without `rados`. `$1` is the Python text, `$2`-`$7` its
 * arguments; the words of the prefix follow.
 */
const SHELL = `text=$1 entity=$2 name=$3 conf=$4 keyring=$5 connect=$6 command=$7
shift 7
trap '' HUP
for python in /usr/bin/python3 python3 /usr/libexec/platform-python; do
  "$@" "$python" -c "$text" "$entity" "$name" "$conf" "$keyring" "$connect" "$command"
  code=$?
  case $code in ${NO_RADOS}|126|127) ;; *) exit "$code" ;; esac
done
exit ${NO_RADOS}`;

/** The program; its first argument is `CEPH_PYTHON`. */
export const CEPH_PROGRAM: Program = { name: "ceph-conversation", text: SHELL };
