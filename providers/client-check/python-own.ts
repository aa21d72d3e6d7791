/** The second third: what an entity does in pools of its own. Every image is a scratch one, named by when, where and by which process it was made. */
export const OWN = String.raw`def link_of(error):
    code = abs(getattr(error, "errno", None) or 0)
    if code in DENIED:
        return "caps"
    return "slow" if code == errno.ETIMEDOUT else "failed"

class Stop(Exception):
    pass

def attempt(op, pool, work, need=None, **more):
    step(op, pool)
    try:
        return work()
    except (rados.Error, rbd.Error, OSError) as error:
        problem(link_of(error), error, errno=abs(error.errno or 0), need=need or [], **more)
        raise Stop()

def opened_pool(cluster, spec):
    pool, _, namespace = spec.partition("/")
    step("open", spec)
    try:
        io = cluster.open_ioctx(pool)
    except rados.ObjectNotFound as error:
        problem("pool", error)
        raise Stop()
    except (rados.Error, OSError) as error:
        problem("mon" if link_of(error) == "caps" else link_of(error), error)
        raise Stop()
    if namespace:
        io.set_namespace(namespace)
    return io

def images_in(io, spec, profile):
    return attempt("list", spec, lambda: rbd.RBD().list(io), [profile, spec])

def each(specs, work):
    for spec in specs:
        try:
            work(spec)
        except Stop:
            pass

def here():
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            text = file.read() + os.readlink("/proc/self/ns/pid")
    except OSError:
        text = TOKEN
    return hashlib.sha256(text.encode()).hexdigest()[:8]

MINE = "%s%x-%s-%d-%s" % (SCRATCH, int(time.time()), here(), os.getpid(), TOKEN)

def is_left(name):
    parts = name[len(SCRATCH):].split("-")
    try:
        made, maker, pid = int(parts[0], 16), parts[1], int(parts[2])
    except (IndexError, ValueError):
        return False
    if maker == here() and pid != os.getpid():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            pass
    return made + HOUR < time.time()

def discard(io, name):
    try:
        with rbd.Image(io, name) as image:
            for snap in list(image.list_snaps()):
                if image.is_protected_snap(snap["name"]):
                    image.unprotect_snap(snap["name"])
                image.remove_snap(snap["name"])
    except rbd.ImageNotFound:
        # Listed without a header: who made or removed it was killed as it did. Removing ends that too.
        pass
    rbd.RBD().remove(io, name)

# Ceph holds an image for the client that was killed with it until its watch is over (osd_client_watch_timeout).
WATCH = 30

def discard_soon(io, name):
    until = min(time.time() + WATCH + 10, (over[0] if over else END) - 2)
    current["until"] += WATCH + 10
    while True:
        try:
            return discard(io, name)
        except rbd.ImageBusy:
            if time.time() > until:
                raise
        time.sleep(1)

def tidy(io, spec, names):
    for name in names:
        if not over:
            step("remove " + name, spec)
        try:
            discard_soon(io, name)
        except rbd.ImageNotFound:
            pass
        except (rados.Error, rbd.Error, OSError) as error:
            notes.append("%s in %s could not be removed (%s); a later check removes it" % (name, spec, error))
        scratch.discard((spec, name))

def swept(cluster, specs, made):
    # Clones first, in all pools: what they come from cannot go before them.
    left = []
    def collect(spec):
        io = opened_pool(cluster, spec)
        names = images_in(io, spec, "rbd")
        made[spec] = io
        left.extend((spec, name) for name in names if name.startswith(SCRATCH) and is_left(name))
    each(specs, collect)
    for spec, name in sorted(left, key=lambda one: not one[1].endswith("-clone")):
        tidy(made[spec], spec, [name])

def written(spec, made):
    profile, data = ["rbd", spec], TOKEN.encode() * 256
    io = made[spec]
    scratch.add((spec, MINE))
    attempt("create", spec, lambda: rbd.RBD().create(io, MINE, 1 << 20), profile)
    image = attempt("open image", spec, lambda: rbd.Image(io, MINE), profile)
    try:
        attempt("write", spec, lambda: (image.write(data, 0), image.flush()), profile)
        found = attempt("read back", spec, lambda: image.read(0, len(data)), profile)
        if found != data:
            problem("data", "what was read back is not what was written")
            raise Stop()
        attempt("snapshot", spec, lambda: image.create_snap(SNAP), profile)
        attempt("protect", spec, lambda: image.protect_snap(SNAP), profile)
    finally:
        image.close()

def asked_manager(cluster, spec):
    pool = spec.partition("/")[0]
    order = {"prefix": "rbd task add flatten", "image_spec": pool + "/" + MINE + "-none"}
    step("ask the manager", spec)
    try:
        code, _, said = cluster.mgr_command(json.dumps(order), b"")
    except (rados.Error, OSError) as error:
        code, said = -abs(error.errno or errno.EIO), str(error)
    if -code in DENIED:
        problem("caps", said.splitlines()[0] if said else "", need=["mgr", pool], errno=-code)
    elif -code != errno.ENOENT:
        notes.append("that the manager takes orders for %s is not proven: %s" % (pool, said or os.strerror(-code)))

def blocked(cluster):
    # An address of documentation (RFC 5737), for one second: nobody is hit, nothing stays.
    step("block a dead client")
    for word in ("blocklist", "blacklist"):
        order = {"prefix": "osd " + word, word + "op": "add", "addr": "192.0.2.1:0/%d" % os.getpid(), "expire": 1.0}
        code, _, said = cluster.mon_command(json.dumps(order), b"")
        if code == 0:
            return
    if -code in DENIED:
        problem("caps", said, need=["mon", ""], errno=-code)
    else:
        notes.append("the right to block a dead client is not proven: " + said)
`;
