"""What the site of a sandbox with real services sets in the distribution's own files: where the others are, and who may ask them.

Everything about storage is left as the packages have it. Runs once, in the tree, as root.
"""

import os
import pathlib
import re
import shutil
import subprocess

import catalogue

IMAGE_SERVICE = pathlib.Path("/var/lib/image-service")
PASSWORD = (IMAGE_SERVICE / "password").read_text()
KEYSTONE = "http://ctl1:5000"
RABBIT = "rabbit://guest:guest@ctl1:5672/"

AUTH = {
    "auth_url": KEYSTONE,
    "www_authenticate_uri": KEYSTONE,
    "auth_type": "password",
    "username": "admin",
    "password": PASSWORD,
    "project_name": "admin",
    "user_domain_name": "Default",
    "project_domain_name": "Default",
    "region_name": "RegionOne",
}

KEYSTONE_CONF = {
    "database": {"connection": "sqlite:////var/lib/keystone/keystone.sqlite"},
    "token": {"provider": "fernet"},
    "identity": {"password_hash_rounds": "4"},
}

GLANCE_CONF = {
    "database": {"connection": "sqlite:////var/lib/glance/glance.sqlite"},
    # Not every release has it in its file.
    "paste_deploy": {"flavor": "keystone"},
    "keystone_authtoken": AUTH,
}

CINDER_CONF = {
    "DEFAULT": {
        "transport_url": RABBIT,
        "glance_api_servers": "http://ctl1:9292",
        "my_ip": "127.0.0.1",
        # The scheduler learns by these what there is.
        "periodic_interval": "5",
        "periodic_fuzzy_delay": "0",
        "backup_driver_stats_polling_interval": "10",
        # One that is refused counts.
        "quota_backups": "-1",
    },
    "database": {"connection": "sqlite:////var/lib/cinder/cinder.sqlite?timeout=60"},
    "keystone_authtoken": AUTH,
}

NOVA_CONF = {
    "DEFAULT": {"transport_url": RABBIT},
    # Victoria's file names servers, which would count in its place.
    "glance": {"api_servers": None, "endpoint_override": "http://ctl1:9292"},
    "keystone_authtoken": AUTH,
}

SERVICES = {"identity": f"{KEYSTONE}/v3", "image": "http://ctl1:9292", "volumev3": "http://vol1:8776/v3/$(tenant_id)s"}


def with_option(lines, section, name, value):
    """Sets an option in a stock file, whose sections all have a header; None takes it out."""
    begin = lines.index(f"[{section}]\n") + 1
    end = next((at for at in range(begin, len(lines)) if lines[at].startswith("[")), len(lines))
    own = [line for line in lines[begin:end] if not re.match(rf"{name}\s*=", line)]
    new = [] if value is None else [f"{name} = {value}\n"]
    return [*lines[:begin], *new, *own, *lines[end:]]


def configure(path, sections):
    file = pathlib.Path(path)
    lines = file.read_text().splitlines(keepends=True)
    for section, options in sections.items():
        for name, value in options.items():
            lines = with_option(lines, section, name, value)
    file.write_text("".join(lines))


def one_worker(path):
    file = pathlib.Path(path)
    file.write_text(re.sub(r"(?m)^processes = .*", "processes = 1", file.read_text()))


def give(source, target, owner):
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy(source, target)
    subprocess.run(["chown", "-R", f"{owner}:{owner}", target], check=True)


def as_user(user, *command):
    subprocess.run(["runuser", "-u", user, "--", *command], check=True)


def main():
    configure("/etc/keystone/keystone.conf", KEYSTONE_CONF)
    configure("/etc/glance/glance-api.conf", GLANCE_CONF)
    configure("/etc/cinder/cinder.conf", CINDER_CONF)
    configure("/etc/nova/nova.conf", NOVA_CONF)
    # A host here may not make groups of cgroup v1.
    with open("/etc/libvirt/qemu.conf", "a") as file:
        file.write("cgroup_controllers = []\n")
    pathlib.Path("/etc/rabbitmq/rabbitmq.conf").write_text("loopback_users = none\n")
    one_worker("/etc/keystone/keystone-uwsgi.ini")
    one_worker("/etc/glance/glance-api-uwsgi.ini")
    one_worker("/etc/cinder/cinder-api-uwsgi.ini")
    give(IMAGE_SERVICE / "keystone.db", "/var/lib/keystone/keystone.sqlite", "keystone")
    catalogue.offer("/var/lib/keystone/keystone.sqlite", SERVICES)
    give(IMAGE_SERVICE / "fernet-keys", "/etc/keystone/fernet-keys", "keystone")
    give(IMAGE_SERVICE / "credential-keys", "/etc/keystone/credential-keys", "keystone")
    give(IMAGE_SERVICE / "glance.db", "/var/lib/glance/glance.sqlite", "glance")
    as_user("cinder", "cinder-manage", "--config-file", "/etc/cinder/cinder.conf", "db", "sync")
    os.chmod(IMAGE_SERVICE / "password", 0o600)


main()
