/** An optional cinder-volume on a stand-in for ctl1. */
import { afterEach } from "@jest/globals";
import { utimesSync, writeFileSync } from "node:fs";
import { service } from "../../providers/service/index";
import { fakeHost, type FakeHost } from "./fake-host";
import { fakeSystemctl, LONGER_AGO } from "./fake-systemctl";
import { runOf } from "./run-of";

const hosts: FakeHost[] = [];
afterEach(() => hosts.splice(0).forEach((host) => host.dispose()));

export const UNIT = "cinder-volume";

/** One with its unit not there yet; its file is older than anything that runs. */
export const optionalSite = () => {
  const host = fakeHost({ name: "ctl1" });
  hosts.push(host);
  const systemctl = fakeSystemctl(host.path("systemd"));
  host.before = (request) => ({
    ...request,
    program: { ...request.program, text: `PATH='${systemctl.bin}':$PATH\n${request.program.text}` },
  });
  const conf = host.path("cinder.conf");
  const write = (text: string, at?: Date): void => {
    writeFileSync(conf, text);
    if (at !== undefined) utimesSync(conf, at, at);
  };
  write("[ceph]\nrbd_user = cinder\n", LONGER_AGO);
  const run = () => runOf({ ctl1: host });
  const inputs = (more: object = {}) => ({
    host: "ctl1",
    unit: UNIT,
    reads: [conf],
    triggers: { "[ceph] rbd_user": "cinder" },
    steadySeconds: 0,
    optional: true,
    ...more,
  });
  const other = { triggers: { "[ceph] rbd_user": "other" } };
  const created = async (more: object = {}) => {
    const one = run();
    return { made: await one.of(service).create(inputs(more)), said: one.said.join("\n") };
  };
  return { host, systemctl, write, run, of: () => run().of(service), inputs, other, created };
};
