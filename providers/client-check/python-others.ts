/** The last third: pools that an entity clones from, reads, or must keep out of; and the order of all. */
export const OTHERS = String.raw`def source_in(cluster, spec, made):
    if MINE in made.get("whole", {}).get(spec, ()):
        return made[spec], MINE, SNAP
    io = opened_pool(cluster, spec)
    names = [name for name in images_in(io, spec, "rbd-read-only") if not name.startswith(SCRATCH) or name.startswith(SCRATCH + "seed")]
    for name in names[:200]:
        step("look for a protected snapshot", spec)
        try:
            with rbd.Image(io, name, read_only=True) as image:
                protected = [snap["name"] for snap in image.list_snaps() if image.is_protected_snap(snap["name"])]
        except rbd.ImageNotFound:
            continue
        except (rados.Error, rbd.Error, OSError) as error:
            problem(link_of(error), error, need=["rbd-read-only", spec], errno=abs(error.errno or 0))
            raise Stop()
        if protected:
            return io, name, protected[0]
    notes.append("cloning from %s is not proven: no image with a protected snapshot is in it" % spec)
    raise Stop()

def cloned(parent, spec, into, made):
    source, image, snap = parent
    name, need = MINE + "-clone", ["rbd-read-only", spec]
    scratch.add((into, name))
    try:
        attempt("clone from " + spec, into, lambda: rbd.RBD().clone(source, image, snap, made[into], name), need)
        with attempt("open clone", into, lambda: rbd.Image(made[into], name), need) as child:
            attempt("read clone of " + spec, into, lambda: child.read(0, min(4096, child.size())), need)
    finally:
        tidy(made[into], into, [name])

def may_read(cluster, spec):
    io = opened_pool(cluster, spec)
    names = [name for name in images_in(io, spec, "rbd-read-only") if not name.startswith(SCRATCH)]
    for name in names[:20]:
        try:
            with rbd.Image(io, name, read_only=True) as image:
                attempt("read an image", spec, lambda: image.read(0, min(4096, image.size())), ["rbd-read-only", spec])
                return
        except rbd.ImageNotFound:
            continue
    notes.append("reading in %s is proven by its list alone: no image is in it" % spec)

def refused(cluster, spec, op, works):
    io = opened_pool(cluster, spec)
    for work, undo in works(io, spec):
        step(op, spec)
        try:
            work()
        except (rados.Error, rbd.Error, OSError) as error:
            if abs(error.errno or 0) in DENIED:
                continue
            if abs(error.errno or 0) != errno.ENOENT or op != "read":
                problem(link_of(error), error, errno=abs(error.errno or 0))
                continue
        try:
            problem("allowed", op)
        finally:
            undo()

def writes(io, spec):
    name = MINE + "-refused"
    yield (lambda: io.write_full(name, b""), lambda: io.remove_object(name))
    scratch.add((spec, name))
    yield (lambda: rbd.RBD().create(io, name, 1 << 20), lambda: tidy(io, spec, [name]))
    scratch.discard((spec, name))

def reads(io, _spec):
    yield (lambda: io.read("rbd_directory", 1), lambda: None)
    yield (lambda: rbd.RBD().list(io), lambda: None)

def proof(cluster):
    made = {"whole": {}}
    def whole(spec):
        written(spec, made)
        made["whole"][spec] = [MINE]
    def clone(spec):
        parent = source_in(cluster, spec, made)
        each(made["whole"], lambda into: cloned(parent, spec, into, made))
    try:
        swept(cluster, PLAN["write"], made)
        each([spec for spec in PLAN["write"] if spec in made], whole)
        each(PLAN["clone"], clone)
    finally:
        for spec in [spec for spec in PLAN["write"] if spec in made]:
            tidy(made[spec], spec, [MINE])
    each(PLAN["read"], lambda spec: may_read(cluster, spec))
    if PLAN["manager"]:
        each([spec for spec in PLAN["write"] if spec in made], lambda spec: asked_manager(cluster, spec))
    if PLAN["write"]:
        blocked(cluster)
    each(PLAN["cannotWrite"], lambda spec: refused(cluster, spec, "write", writes))
    each(PLAN["cannotRead"], lambda spec: refused(cluster, spec, "read", reads))

def look(cluster):
    for profile, specs in (("rbd", PLAN["write"]), ("rbd-read-only", PLAN["clone"] + PLAN["read"])):
        each(specs, lambda spec: images_in(opened_pool(cluster, spec), spec, profile))

def as_guests_do():
    # What QEMU does: the entity's name, and libvirt's value in place of a keyring.
    cluster = new_cluster()
    value = sys.stdin.readline().strip()
    if not value:
        broken("secret-input")
    try:
        facts["fingerprint"] = print_of(value)
        cluster.conf_set("key", value)
    except (ValueError, rados.Error):
        broken("secret-key")
    connect(cluster, "secret-key")
    look(cluster)
    report()

def main():
    threading.Thread(target=watch, daemon=True).start()
    if PLAN["mode"] == "secret":
        as_guests_do()
    cluster = new_cluster()
    _, paths = sources(cluster)
    before = {path: holder(path) for path in paths}
    become(PLAN.get("user") or service_user(paths))
    cluster = new_cluster()
    read_key(cluster, before)
    connect(cluster)
    (proof if PLAN["mode"] == "write" else look)(cluster)
    report()

try:
    main()
except Over:
    end_late()
except Exception as error:
    broken("failed", "%s: %s" % (type(error).__name__, error))
`;
