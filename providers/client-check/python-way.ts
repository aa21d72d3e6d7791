/** The first third of the program on the client host: from the configuration file over user and keyring to the session with the cluster. */
export const WAY = String.raw`import base64, errno, hashlib, json, os, pwd, re, socket, sys, threading, time
try:
    import rados, rbd
except ImportError:
    sys.exit(97)

PLAN = json.loads(sys.argv[1])
ENTITY, SECONDS, TOKEN = PLAN["entity"], PLAN["stepSeconds"], PLAN["token"]
SCRATCH, SNAP, HOUR = "pulumi-ceph-openstack-check-", "proof", 3600
END = time.time() + PLAN["seconds"]
problems, notes, facts = [], [], {}
current, speaking = {"op": "start", "until": time.time() + SECONDS}, threading.Lock()
DENIED = (errno.EPERM, errno.EACCES)

def report(code=0):
    with speaking:
        text = json.dumps({"problems": problems, "notes": notes, "facts": facts})
        sys.stdout.write("\n" + text + "\n")
        sys.stdout.flush()
        os._exit(code)

class Over(Exception):
    pass

# Images that are there, and until when they may be taken away after the time of the check is over.
scratch, over, TIDY = set(), [], 12

def problem(link, said="", **more):
    if over:
        raise Over()
    problems.append(dict({"link": link, "op": current["op"], "pool": current.get("pool", ""), "said": str(said)}, **more))

def broken(link, said="", **more):
    if not over:
        problem(link, said, **more)
    report()

def late(said):
    problem("slow", said)
    if not scratch:
        report()
    over.append(time.time() + TIDY)

def end_late():
    notes.extend("%s in %s could not be removed in time; a later check that may write there removes it" % (name, spec) for spec, name in list(scratch))
    report()

def watch():
    while True:
        time.sleep(0.2)
        now = time.time()
        if over and now > over[0]:
            end_late()
        elif over:
            continue
        elif now > current["until"]:
            late("no answer within %d s" % SECONDS)
        elif now > END:
            late("the whole check was not done within %d s" % PLAN["seconds"])

def step(op, pool=""):
    if over:
        raise Over()
    current.update(op=op, pool=pool, until=time.time() + SECONDS)

def holder(path):
    try:
        found = os.stat(path)
    except OSError as error:
        return "absent" if error.errno == errno.ENOENT else "not to be seen"
    try:
        owner = pwd.getpwuid(found.st_uid).pw_name
    except KeyError:
        owner = str(found.st_uid)
    return "%s:%d %04o" % (owner, found.st_gid, found.st_mode & 0o7777)

def become(name):
    step("become " + name)
    facts["user"] = name
    try:
        known = pwd.getpwuid(int(name)) if name.isdigit() else pwd.getpwnam(name)
        uid, gid = known.pw_uid, known.pw_gid
        groups = os.getgrouplist(known.pw_name, gid)
    except KeyError:
        if not name.isdigit():
            broken("user", "there is no user " + name)
        uid = gid = int(name)
        groups = [gid]
    if os.geteuid() == 0:
        os.setgroups(groups)
        os.setgid(gid)
        os.setuid(uid)
    elif os.geteuid() != uid:
        broken("user", "the program runs as %d there, not as root, and cannot become %s" % (os.geteuid(), name))

def uid_of(process):
    try:
        with open("/proc/%s/status" % process) as file:
            return next(int(line.split()[2]) for line in file if line.startswith("Uid:"))
    except (OSError, StopIteration):
        return 0

def uids_inside():
    # The first process of a container is its service, or an init of root's beside it.
    first = uid_of("1")
    every = {first} if first else {uid_of(name) for name in os.listdir("/proc") if name.isdigit()}
    return (every - {0}) or {0}

def service_user(paths):
    if PLAN["inside"]:
        if os.geteuid() != 0:
            return str(os.geteuid())
        uids = uids_inside()
        if len(uids) == 1:
            return str(uids.pop())
    for path in paths:
        try:
            uid = os.stat(path).st_uid
        except OSError:
            continue
        if uid == 0:
            broken("whose", path)
        return str(uid)
    return str(os.geteuid())

def opened(path):
    with open(path, "rb") as file:
        return file.read(1 << 20).decode("utf-8", "replace")

def new_cluster():
    step("read " + PLAN["conf"])
    facts.setdefault("conf", holder(PLAN["conf"]))
    # Guests have their monitors from Cinder and Nova: a host that serves them alone needs no file.
    bare = "monitors" in PLAN and facts["conf"] == "absent"
    try:
        bare or opened(PLAN["conf"])
        cluster = rados.Rados(name=ENTITY, clustername=PLAN["cluster"], conffile=None if bare else PLAN["conf"])
    except (OSError, rados.Error) as error:
        broken("conf", error, errno=abs(error.errno or 0))
    settings = {"client_mount_timeout": SECONDS, "rados_mon_op_timeout": SECONDS, "rados_osd_op_timeout": SECONDS,
        "rbd_move_to_trash_on_remove": "false", "admin_socket": "", "log_file": ""}
    for name, value in settings.items():
        cluster.conf_set(name, str(value))
    if PLAN.get("keyring"):
        cluster.conf_set("keyring", PLAN["keyring"])
    if bare:
        cluster.conf_set("fsid", PLAN["fsid"])
        cluster.conf_set("mon_host", PLAN["monitors"])
    found = cluster.conf_get("fsid")
    if found != PLAN["fsid"]:
        broken("cluster", found)
    return cluster

def sources(cluster):
    # As librados has it: a key in the configuration counts before a file with nothing but a key, and that before all keyrings.
    # <https://docs.ceph.com/en/latest/rados/configuration/auth-config-ref/#keys>
    if cluster.conf_get("key"):
        return "key", [PLAN["conf"]]
    if cluster.conf_get("keyfile"):
        return "keyfile", [cluster.conf_get("keyfile")]
    return "keyring", [path.strip() for path in cluster.conf_get("keyring").split(",") if path.strip()]

def key_in(text, path):
    section, found, names = "", None, []
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line.strip("[] \t")
            names.append(section)
        name, _, value = line.partition("=")
        if section == ENTITY and name.strip() == "key":
            found = value.strip()
    if found is None:
        broken("entity", path, names=names)
    return found

def print_of(key):
    return "sha256:" + hashlib.sha256(base64.b64decode(key)).hexdigest()[:16]

def read_key(cluster, before):
    kind, paths = sources(cluster)
    step("read the " + kind)
    denied = []
    for path in paths:
        try:
            text = opened(path)
        except OSError as error:
            if error.errno in DENIED:
                denied.append(path)
            continue
        facts.update(keyring=path, kind=kind)
        key = cluster.conf_get("key") if kind == "key" else text.strip() if kind == "keyfile" else key_in(text, path)
        try:
            facts["fingerprint"] = print_of(key)
        except ValueError:
            broken("entity", path, names=[])
        return
    broken("keyring-denied" if denied else "keyring-absent", ", ".join(denied or paths), holder=before.get((denied or [""])[0], ""))

# Of a list as mon_host has it: "[v2:[fd00::1]:3300/0,v1:[fd00::1]:6789/0]", "fd00::1", "10.0.0.1:6789", "mon1".
MONITOR = re.compile(r"(?:(?:v[12]|any):)?(?:\[((?:[0-9a-fA-F.]*:){2}[0-9a-fA-F:.]*)\]|((?:[0-9a-fA-F]*:){2}[0-9a-fA-F:.]*)|([\w.-]+))(?::(\d+))?(?:/\d+)?")

def reachable(hosts):
    seen = []
    found = [(bracketed or bare or name, port) for bracketed, bare, name, port in MONITOR.findall(hosts)]
    every = [(host, one) for host, port in found for one in ([int(port)] if port else [3300, 6789])]
    for host, port in every[:6]:
        shown = "%s:%d" % ("[" + host + "]" if ":" in host else host, port)
        try:
            socket.create_connection((host, port), 2).close()
            seen.append(shown + " answers")
        except OSError as error:
            seen.append("%s: %s" % (shown, error.strerror or error))
    return seen

def connect(cluster, link="key"):
    step("connect")
    current["until"] += SECONDS
    try:
        cluster.connect()
    except rados.Error as error:
        code = abs(error.errno or 0)
        if code in DENIED:
            broken(link, error)
        if code == errno.ETIMEDOUT:
            broken("network", ", ".join(reachable(cluster.conf_get("mon_host"))))
        broken("monitors" if code == errno.ENOENT else "connect", error, errno=code)
    if cluster.get_fsid() != PLAN["fsid"]:
        broken("cluster", cluster.get_fsid())
`;
