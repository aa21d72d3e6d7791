"""Keystone's catalogue, in its database before it starts: a release has no other place for it, and what Keystone itself is told may find SQLite locked."""

import json
import sqlite3


def offer(path, services):
    """services: addresses by type, all in RegionOne, each by the interfaces public, internal and admin."""
    with sqlite3.connect(path) as database:
        database.execute("INSERT INTO region (id, description, extra) VALUES ('RegionOne', '', '{}')")
        for service, url in services.items():
            name = json.dumps({"name": service})
            database.execute("INSERT INTO service (id, type, enabled, extra) VALUES (?, ?, 1, ?)", (service, service, name))
            database.executemany(
                "INSERT INTO endpoint (id, interface, service_id, url, extra, enabled, region_id) VALUES (?, ?, ?, ?, '{}', 1, 'RegionOne')",
                [(f"{service}-{interface}", interface, service, url) for interface in ("public", "internal", "admin")],
            )
