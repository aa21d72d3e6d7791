/**
 * Ceph's Python modules over a directory: a pool is a directory in it, an image a file in that. So the program of a check runs whole, without a
 * cluster, and what it leaves can be seen. What a test wants to go wrong it says by `world`.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const RADOS = String.raw`import configparser, errno, json, os

HERE = os.path.dirname(__file__)
with open(os.path.join(HERE, "world.json")) as file:
    WORLD = json.load(file)

class Error(Exception):
    def __init__(self, text="", errno=None):
        super().__init__(text)
        self.errno = errno

class ObjectNotFound(Error):
    pass

class Io:
    def __init__(self, pool):
        self.dir = os.path.join(HERE, "pools", pool)

    def close(self):
        pass

class Rados:
    def __init__(self, name, clustername, conffile=None):
        self.options = {"keyring": "/etc/ceph/%s.%s.keyring" % (clustername, name)}
        read = configparser.ConfigParser()
        read.read([conffile or ""])
        for section in ("global", "client", name):
            self.options.update(dict(read[section]) if read.has_section(section) else {})

    def conf_set(self, name, value):
        self.options[name] = value

    def conf_get(self, name):
        return self.options.get(name, "")

    def connect(self):
        if WORLD.get("mute"):
            raise Error("connection timed out", errno.ETIMEDOUT)
        if self.options.get("key") == WORLD.get("refused", "none"):
            raise Error("permission denied", errno.EACCES)

    def get_fsid(self):
        return self.options["fsid"]

    def open_ioctx(self, pool):
        io = Io(pool)
        if not os.path.isdir(io.dir):
            raise ObjectNotFound(pool)
        return io

    def mgr_command(self, order, data):
        return -errno.ENOENT, b"", ""

    def mon_command(self, order, data):
        return 0, b"", ""
`;

const RBD = String.raw`import __main__, os, time
from rados import WORLD, Error

class ImageNotFound(Error):
    pass

class ImageBusy(Error):
    pass

class RBD:
    def list(self, io):
        return os.listdir(io.dir)

    def create(self, io, name, size):
        open(os.path.join(io.dir, name), "w").close()

    def remove(self, io, name):
        try:
            os.unlink(os.path.join(io.dir, name))
        except FileNotFoundError:
            raise ImageNotFound(name)

class Image:
    def __init__(self, io, name, read_only=False):
        self.path, self.data = os.path.join(io.dir, name), b""
        if not os.path.exists(self.path):
            raise ImageNotFound(name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    close = flush = lambda self: None

    def write(self, data, offset):
        # It comes back when the time of the check is over, and not before.
        while WORLD.get("write") == "late" and not getattr(__main__, "over", []):
            time.sleep(0.05)
        self.data = data

    def read(self, offset, size):
        return self.data

    def list_snaps(self):
        return []

    create_snap = protect_snap = lambda self, name: None
`;

/** The modules, in a directory; `python` is a python3 that has them, for whatever \`-I\` keeps away. */
export const fakeRados = (dir: string, pools: readonly string[], world: object = {}) => {
  for (const pool of pools) mkdirSync(join(dir, "pools", pool), { recursive: true });
  writeFileSync(join(dir, "rados.py"), RADOS);
  writeFileSync(join(dir, "rbd.py"), RBD);
  writeFileSync(join(dir, "world.json"), JSON.stringify(world));
  const python = join(dir, "python3");
  writeFileSync(python, '#!/bin/sh\nshift\nPYTHONPATH=$(dirname "$0") exec python3 "$@"\n', { mode: 0o755 });
  return {
    python,
    images: (): string[] => pools.flatMap((pool) => readdirSync(join(dir, "pools", pool))),
  };
};
