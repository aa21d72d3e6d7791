"""Keystone and Glance of the distribution with SQLite, on the loopback of this machine, until standard input ends.

The first line of standard output is JSON: the two addresses and the administrator's password. The catalogue has Glance in RegionOne,
by the interfaces public, internal and admin. Everything else (projects, users, images) is made by who uses it, through their own APIs.
"""

import json
import os
import socket
import subprocess
import sys
import urllib.request

import catalogue

KEYSTONE = """
[DEFAULT]
log_file = /tmp/keystone.log
[database]
connection = sqlite:////var/lib/image-service/keystone.db
[token]
provider = fernet
expiration = 3600
[fernet_tokens]
key_repository = /var/lib/image-service/fernet-keys
[credential]
key_repository = /var/lib/image-service/credential-keys
[identity]
password_hash_rounds = 4
"""

GLANCE = """
[DEFAULT]
log_file = /tmp/glance.log
bind_host = 127.0.0.1
image_property_quota = 16
node_staging_uri = file:///var/lib/image-service/staging
[database]
connection = sqlite:////var/lib/image-service/glance.db
[glance_store]
stores = file
default_store = file
filesystem_store_datadir = /var/lib/image-service/images
[keystone_authtoken]
www_authenticate_uri = {keystone}
auth_url = {keystone}
auth_type = password
username = admin
password = {password}
project_name = admin
user_domain_id = default
project_domain_id = default
# A token that was revoked a moment ago must not be taken.
token_cache_time = -1
[paste_deploy]
flavor = keystone
config_file = /etc/glance/glance-api-paste.ini
"""

# Of Debian's glance-common, as far as it is needed.
PASTE = """
[pipeline:glance-api-keystone]
pipeline = versionnegotiation authtoken context rootapp
[composite:rootapp]
paste.composite_factory = glance.api:root_app_factory
/: apiversions
/v2: apiv2app
[app:apiversions]
paste.app_factory = glance.api.versions:create_resource
[app:apiv2app]
paste.app_factory = glance.api.v2.router:API.factory
[filter:versionnegotiation]
paste.filter_factory = glance.api.middleware.version_negotiation:VersionNegotiationFilter.factory
[filter:context]
paste.filter_factory = glance.api.middleware.context:ContextMiddleware.factory
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
"""

SERVE_KEYSTONE = """
import socket, sys, eventlet.wsgi
from eventlet.greenio import GreenSocket
from keystone.server import wsgi
listener = GreenSocket(socket.socket(fileno=int(sys.argv[1])))
sys.argv = ["keystone"]
# One request at a time: for a lock that another one holds SQLite would stop the whole process.
eventlet.wsgi.server(listener, wsgi.initialize_public_application(), max_size=1, keepalive=False)
"""

SERVE_GLANCE = """
import socket, sys, eventlet.wsgi
from eventlet.greenio import GreenSocket
listener = GreenSocket(socket.socket(fileno=int(sys.argv[1])))
sys.argv = ["glance-api"]
from glance.common import wsgi_app
eventlet.wsgi.server(listener, wsgi_app.init_app())
"""


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def listening():
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(128)
    server.set_inheritable(True)
    return server


def url_of(server):
    return f"http://127.0.0.1:{server.getsockname()[1]}"


def serve(program, server):
    return subprocess.Popen(
        [sys.executable, "-c", program, str(server.fileno())], pass_fds=[server.fileno()], stdin=subprocess.DEVNULL
    )


def ask(method, url, body=None, token=None):
    headers = {"Content-Type": "application/json", **({"X-Auth-Token": token} if token else {})}
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=60) as answer:
        return answer.headers, json.loads(answer.read() or "null")


def token_of(keystone, password):
    user = {"name": "admin", "password": password, "domain": {"id": "default"}}
    scope = {"project": {"name": "admin", "domain": {"id": "default"}}}
    identity = {"methods": ["password"], "password": {"user": user}}
    headers, _ = ask("POST", f"{keystone}/v3/auth/tokens", {"auth": {"identity": identity, "scope": scope}})
    return headers["X-Subject-Token"]


def main():
    with open("/var/lib/image-service/password") as file:
        password = file.read()
    keystone, glance = listening(), listening()
    urls = {"keystone": url_of(keystone), "glance": url_of(glance)}
    write("/etc/keystone/keystone.conf", KEYSTONE)
    write("/etc/glance/glance-api.conf", GLANCE.format(keystone=urls["keystone"], password=password))
    write("/etc/glance/glance-api-paste.ini", PASTE)
    # Some versions of eventlet want a name server when they are loaded.
    write("/etc/resolv.conf", "nameserver 127.0.0.1\n")
    offered = {"identity": f"{urls['keystone']}/v3", "image": urls["glance"]}
    catalogue.offer("/var/lib/image-service/keystone.db", offered)
    services = [serve(SERVE_KEYSTONE, keystone), serve(SERVE_GLANCE, glance)]
    token = token_of(urls["keystone"], password)
    ask("GET", f"{urls['glance']}/v2/images", token=token)
    places = {**urls, "password": password}
    print(json.dumps(places), flush=True)
    sys.stdin.read()
    for service in services:
        service.kill()


def tail(path):
    try:
        with open(path) as file:
            return f"{path}:\n" + "".join(file.readlines()[-30:])
    except FileNotFoundError:
        return f"{path}: nothing\n"


try:
    main()
except OSError as error:
    sys.exit(f"{error}\n{tail('/tmp/keystone.log')}{tail('/tmp/glance.log')}")
