"""Answers what ceph-authtool reads in keyrings: JSON lines [base64 of the file, entity] in, {"read": bool, "key": text or null} out."""
import base64
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

folder = tempfile.mkdtemp(prefix="keyring-oracle-")


def answer(numbered):
    at, line = numbered
    content, entity = json.loads(line)
    path = os.path.join(folder, str(at))
    with open(path, "wb") as file:
        file.write(base64.b64decode(content))
    done = subprocess.run(["ceph-authtool", path, "-n", entity, "-p"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    os.unlink(path)
    if done.returncode == 0:
        return {"read": True, "key": done.stdout.decode().strip()}
    if b"not found" in done.stderr:
        return {"read": True, "key": None}
    return {"read": False, "key": None}


with ThreadPoolExecutor(4) as pool:
    for found in pool.map(answer, enumerate(sys.stdin)):
        print(json.dumps(found))
