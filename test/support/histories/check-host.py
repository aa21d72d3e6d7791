"""
Runs the program of a check, as it is, over a host and a cluster that are handed over as JSON: a line for each run, and a line of what came of it. Each run
is a child of its own, in which Ceph's modules, files, users and the clock are stand-ins. So it takes milliseconds, and nothing depends on how fast this
machine is.
"""

import base64  # noqa: F401  Here already, so that no run has to load it.
import contextlib
import errno
import hashlib  # noqa: F401
import io
import json
import os
import re
import socket  # noqa: F401
import sys
import traceback
import types

REAL_EXIT = os._exit
USERS = {"root": 0, "cinder": 42407, "ceph": 64045}
RIGHTS = {"rbd": "rwx", "rbd-read-only": "rx"}
CLAUSE = re.compile(r"^(?:profile (?P<profile>\S+)|allow (?P<rights>[r*]?w?x?))(?: pool=(?P<pool>\S+))?$")


class World:
    """What a run is given, and the changes that it makes."""

    def __init__(self, given, told):
        self.given, self.told, self.count = given, told, 0
        self.files = given["files"]
        self.pools = {name: set(objects) for name, objects in given["pools"].items()}
        self.uid, self.now = 0, 1_700_000_000.0 + given["pid"]

    def change(self, how, pool, name):
        self.count += 1
        if self.count == self.given["dies"]:
            REAL_EXIT(137)
        if how == "add":
            self.pools[pool].add(name)
        elif how == "drop":
            self.pools[pool].discard(name)
        os.write(self.told, (json.dumps({"how": how, "pool": pool, "name": name}) + "\n").encode())

    def entity(self, name):
        return self.given["entities"].get(name)


def opener(world):
    def fake_open(path, mode="r", *_rest, **_more):
        if path == "/proc/sys/kernel/random/boot_id":
            return io.StringIO(world.given["machine"])
        if mode not in ("r", "rb"):
            world.change("file", "", path)
        found = world.files.get(path)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)
        rights = int(found["mode"], 8)
        mine = 0o400 if world.uid == found["uid"] else 0o040 if world.uid == found["gid"] else 0o004
        if world.uid != 0 and not rights & mine:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return io.BytesIO(found["bytes"].encode()) if mode == "rb" else io.StringIO(found["bytes"])

    return fake_open


def stand_in_for_os(world):
    def stat(path, **_more):
        found = world.files.get(path)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)
        return types.SimpleNamespace(st_uid=found["uid"], st_gid=found["gid"], st_mode=int(found["mode"], 8))

    def kill(pid, _signal):
        if pid not in world.given["alive"]:
            raise ProcessLookupError(errno.ESRCH, "No such process")

    os.stat, os.kill = stat, kill
    os.readlink = lambda _path: "pid:[1]"
    os.getpid = lambda: world.given["pid"]
    os.geteuid = lambda: world.uid
    os.setgroups = os.setgid = lambda _ids: None
    os.setuid = lambda uid: setattr(world, "uid", uid)
    os.getgrouplist = lambda _name, gid: [gid]


def users():
    def entry(name, uid):
        return types.SimpleNamespace(pw_name=name, pw_uid=uid, pw_gid=uid)

    module = types.ModuleType("pwd")
    module.getpwnam = lambda name: entry(name, USERS[name])
    module.getpwuid = lambda uid: next(entry(name, known) for name, known in USERS.items() if known == uid)
    return module


def clock(world):
    """It goes on where somebody waits."""
    module = types.ModuleType("time")
    module.time = lambda: world.now
    module.sleep = lambda seconds: setattr(world, "now", world.now + seconds)
    return module


def threads():
    """Nobody watches the time: what is late is tried elsewhere."""
    module = types.ModuleType("threading")
    module.Thread = lambda **_more: types.SimpleNamespace(start=lambda: None)
    module.Lock = contextlib.nullcontext
    return module


def conf_options(text, entity):
    """As Ceph reads them: what stands in the client's own section counts before [client], and that before [global]."""
    sections, current = {}, ""
    for line in text.splitlines():
        head = re.match(r"^\[(.*)\]$", line.strip())
        name, _, value = line.partition("=")
        if head:
            current = head[1]
        elif value and not line.strip().startswith("#"):
            sections.setdefault(current, {})[re.sub(r"[\s_]+", "_", name.strip())] = value.strip()
    found = {}
    for section in ("global", "client", entity):
        found.update(sections.get(section, {}))
    return found


def ceph_modules(world, fake_open):
    rados, rbd = types.ModuleType("rados"), types.ModuleType("rbd")

    class Error(Exception):
        def __init__(self, text="", code=None):
            super().__init__(text)
            self.errno = code

    class ObjectNotFound(Error):
        pass

    class Session:
        def __init__(self, name, clustername, conffile=None):
            self.entity = name
            self.options = {"keyring": "/etc/ceph/%s.%s.keyring" % (clustername, name)}
            if conffile:
                with fake_open(conffile) as file:
                    self.options.update(conf_options(file.read(), name))

        def conf_set(self, name, value):
            self.options[name] = value

        def conf_get(self, name):
            return self.options.get(name, "")

        def key(self):
            if self.conf_get("key"):
                return self.conf_get("key")
            with fake_open(self.conf_get("keyring")) as file:
                found = re.search(r"key = (\S+)", file.read())
            return found and found[1]

        def connect(self):
            found = world.entity(self.entity)
            if found is None or found["key"] != self.key() or "mon" not in found["caps"]:
                raise Error("permission denied", errno.EACCES)

        def get_fsid(self):
            return world.given["fsid"]

        def open_ioctx(self, pool):
            if pool not in world.pools:
                raise ObjectNotFound(pool)
            return Io(self.entity, pool)

        def mon_command(self, _order, _data):
            return (0 if world.entity(self.entity)["caps"]["mon"] == "profile rbd" else -errno.EACCES), b"", ""

        def mgr_command(self, _order, _data):
            return (-errno.ENOENT if "mgr" in world.entity(self.entity)["caps"] else -errno.EACCES), b"", ""

    class Io:
        def __init__(self, entity, pool):
            self.entity, self.pool = entity, pool

        def need(self, right):
            for text in world.entity(self.entity)["caps"].get("osd", "").split(", "):
                clause = CLAUSE.match(text)
                if clause and clause["pool"] in (None, self.pool):
                    rights = RIGHTS.get(clause["profile"] or "", clause["rights"] or "").replace("*", "rwx")
                    if right in rights:
                        return
            raise Error("Operation not permitted", errno.EPERM)

        def has(self, name):
            return name in world.pools[self.pool]

        def add(self, name):
            self.need("w")
            world.change("add", self.pool, name)

        def drop(self, name):
            self.need("w")
            world.change("drop", self.pool, name)

        def write_full(self, name, _data):
            self.add(name)

        def remove_object(self, name):
            self.drop(name)

        def read(self, _name, _size):
            self.need("r")

    class ImageNotFound(Error):
        pass

    class ImageBusy(Error):
        pass

    class Images:
        def list(self, io):
            io.need("r")
            names = sorted(world.pools[io.pool])
            return [name[len("rbd_directory."):] for name in names if name.startswith("rbd_directory.")]

        def create(self, io, name, _size):
            io.add("rbd_directory." + name)
            io.add("rbd_header." + name)

        def clone(self, source, image, snap, io, name):
            source.need("r")
            self.create(io, name, 0)
            io.add("rbd_parent.%s=%s/%s@%s" % (name, source.pool, image, snap))

        def remove(self, io, name):
            if not io.has("rbd_directory." + name):
                raise ImageNotFound(name, errno.ENOENT)
            objects = sorted(world.pools[io.pool])
            if any(one.startswith("rbd_snap.%s@" % name) for one in objects):
                raise ImageBusy("image has snapshots", errno.ENOTEMPTY)
            own = ("rbd_data." + name, "rbd_header." + name)
            for one in objects:
                if one in own or one.startswith("rbd_parent.%s=" % name):
                    io.drop(one)
            io.drop("rbd_directory." + name)

    class Image:
        def __init__(self, io, name, read_only=False):
            io.need("r")
            if not io.has("rbd_header." + name):
                raise ImageNotFound(name, errno.ENOENT)
            self.io, self.name, self.data = io, name, b""

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        close = flush = lambda self: None

        def size(self):
            return 1 << 20

        def write(self, data, _offset):
            self.io.add("rbd_data." + self.name)
            self.data = data

        def read(self, _offset, _size):
            self.io.need("r")
            return self.data

        def snap(self, kind, name):
            return "rbd_%s.%s@%s" % (kind, self.name, name)

        def list_snaps(self):
            start = self.snap("snap", "")
            return [{"name": one[len(start):]} for one in sorted(world.pools[self.io.pool]) if one.startswith(start)]

        def create_snap(self, name):
            self.io.add(self.snap("snap", name))

        def remove_snap(self, name):
            if self.is_protected_snap(name):
                raise ImageBusy("snapshot is protected", errno.EBUSY)
            self.io.drop(self.snap("snap", name))

        def protect_snap(self, name):
            self.io.add(self.snap("protected", name))

        def unprotect_snap(self, name):
            parent = "=%s/%s@%s" % (self.io.pool, self.name, name)
            if any(one.endswith(parent) for objects in world.pools.values() for one in objects):
                raise ImageBusy("snapshot has children", errno.EBUSY)
            self.io.drop(self.snap("protected", name))

        def is_protected_snap(self, name):
            return self.io.has(self.snap("protected", name))

    rados.Error, rados.ObjectNotFound, rados.Rados = Error, ObjectNotFound, Session
    rbd.ImageNotFound, rbd.ImageBusy, rbd.RBD, rbd.Image = ImageNotFound, ImageBusy, Images, Image
    rbd.Error = Error
    return rados, rbd


def child(given, code, told):
    world = World(given, told)
    fake_open = opener(world)
    rados, rbd = ceph_modules(world, fake_open)
    stand_in_for_os(world)
    sys.modules.update(rados=rados, rbd=rbd, pwd=users(), time=clock(world), threading=threads())
    sys.argv = ["-c", given["plan"]]
    sys.stdin = io.StringIO(given["stdin"])
    exec(code, {"__name__": "__main__", "open": fake_open})


def drained(descriptor):
    with os.fdopen(descriptor, "rb") as file:
        return file.read().decode()


def run(given, code):
    said, says = os.pipe()
    told, tells = os.pipe()
    process = os.fork()
    if process == 0:
        os.dup2(says, 1)
        try:
            child(given, code, tells)
        except BaseException:
            traceback.print_exc()
        REAL_EXIT(1)
    os.close(says)
    os.close(tells)
    out, changes = drained(said), [json.loads(line) for line in drained(told).splitlines()]
    _, status = os.waitpid(process, 0)
    return {"code": os.WEXITSTATUS(status), "stdout": out, "changes": changes}


def main():
    compiled = {}
    for line in sys.stdin:
        given = json.loads(line)
        text = given["program"]
        if text not in compiled:
            compiled[text] = compile(text, "check", "exec")
        sys.stdout.write(json.dumps(run(given, compiled[text])) + "\n")
        sys.stdout.flush()


main()
