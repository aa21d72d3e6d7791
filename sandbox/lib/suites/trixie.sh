# shellcheck shell=bash
# Debian 13: Ceph 18, libvirt 11, systemd 257.

# The manager loads almost none of its modules with the real one, which cannot be loaded twice in one process.
suite_ceph() {
  cat >"$1/usr/share/ceph/mgr/bcrypt.py" <<'PYTHON'
"""Stands in for bcrypt, which a second interpreter in the same process cannot load. No password is kept in a sandbox."""


def gensalt(*_):
    raise RuntimeError("bcrypt is a stand-in here")


hashpw = checkpw = gensalt
PYTHON
}
