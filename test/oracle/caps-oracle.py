"""Asks a monitor what it makes of caps: JSON lines [daemon type, text] in, [errno, what it stored or null] out."""
import json
import sys

import rados

ENTITY = "client.caps-oracle"

cluster = rados.Rados(conffile="/etc/ceph/ceph.conf", name="client.admin")
cluster.connect(timeout=30)


def command(**arguments):
    return cluster.mon_command(json.dumps(dict(arguments, format="json")), b"")


for line in sys.stdin:
    kind, text = json.loads(line)
    caps = ["mon", text] if kind == "mon" else ["mon", "allow r", kind, text]
    code = command(prefix="auth get-or-create", entity=ENTITY, caps=caps)[0]
    stored = None
    if code == 0:
        stored = json.loads(command(prefix="auth get", entity=ENTITY)[1])[0]["caps"].get(kind)
        command(prefix="auth rm", entity=ENTITY)
    print(json.dumps([code, stored]))

# without it the interpreter may crash at its end
cluster.shutdown()
