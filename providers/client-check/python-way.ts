/** The first third of the program on the client host: from the configuration file over user and keyring to the session with the cluster. */
export const WAY = String.raw`import base64, errno, hashlib, json, os, pwd, socket, sys, threading, time
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

def problem(link, said="", **more):
    problems.append(dict({"link": link, "op": current["op"], "pool": current.get("pool", ""), "said": str(said)}, **more))

def broken(link, said="", **more):
    problem(link, said, **more)
    report()

def watch():
    while True:
        time.sleep(0.2)
        if time.time() > current["until"]:
            broken("slow", "no answer within %d s" % SECONDS)
        if time.time() > END:
            broken("slow", "the whole check was not done within %d s" % PLAN["seconds"])

def step(op, pool=""):
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

def owner_of(paths):
    for path in paths:
        try:
            uid = os.stat(path).st_uid
        except OSError:
            continue
        if uid == 0 and os.geteuid() == 0:
            broken("whose", path)
        return str(uid)
    return str(os.geteuid())

def opened(path):
    with open(path, "rb") as file:
        return file.read(1 << 20).decode("utf-8", "replace")

def new_cluster():
    step("read " + PLAN["conf"])
    facts.setdefault("conf", holder(PLAN["conf"]))
    try:
        opened(PLAN["conf"])
        cluster = rados.Rados(name=ENTITY, clustername=PLAN["cluster"], conffile=PLAN["conf"])
    except (OSError, rados.Error) as error:
        broken("conf", error, errno=abs(error.errno or 0))
    settings = {"client_mount_timeout": SECONDS, "rados_mon_op_timeout": SECONDS, "rados_osd_op_timeout": SECONDS,
        "rbd_move_to_trash_on_remove": "false", "admin_socket": "", "log_file": ""}
    for name, value in settings.items():
        cluster.conf_set(name, str(value))
    if PLAN.get("keyring"):
        cluster.conf_set("keyring", PLAN["keyring"])
    found = cluster.conf_get("fsid")
    if found != PLAN["fsid"]:
        broken("cluster", found)
    return cluster

def keyrings(cluster):
    return [path.strip() for path in cluster.conf_get("keyring").split(",") if path.strip()]

def read_keyring(paths, before):
    step("read the keyring")
    denied = []
    for path in paths:
        try:
            text = opened(path)
        except OSError as error:
            if error.errno in DENIED:
                denied.append(path)
            continue
        facts["keyring"] = path
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
        try:
            facts["fingerprint"] = "sha256:" + hashlib.sha256(base64.b64decode(found)).hexdigest()[:16]
        except ValueError:
            broken("entity", path, names=[])
        return
    broken("keyring-denied" if denied else "keyring-absent", ", ".join(denied or paths), holder=before.get((denied or [""])[0], ""))

def reachable(hosts):
    seen = []
    for word in hosts.replace("[", " ").replace("]", " ").replace(",", " ").replace(";", " ").split():
        address = word.split("/")[0]
        address = address[3:] if address[:3] in ("v1:", "v2:") else address
        host, colon, port = address.rpartition(":")
        ports = [int(port)] if colon and host.count(":") == 0 and port.isdigit() else [3300, 6789]
        host = host if colon and host.count(":") == 0 else address
        for one in ports:
            try:
                socket.create_connection((host, one), 2).close()
                seen.append("%s:%d answers" % (host, one))
            except OSError as error:
                seen.append("%s:%d: %s" % (host, one, error.strerror or error))
    return seen[:6]

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
