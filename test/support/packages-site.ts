/** What the tests of packages share: a host with an APT of its own and some packages that it could install. */
import { clientPackages } from "../../providers/client-packages/index";
import { fakeApt } from "./fake-apt";
import { fakeHost } from "./fake-host";
import { runOf, type ProgramOptions } from "./run-of";

export const packagesSite = () => {
  const host = fakeHost({ name: "ctl1" });
  const apt = fakeApt(host.root);
  apt.offer("python3-rbd", "18.2.4", "16.2.20", "16.2.15");
  apt.offer("python3-rados", "18.2.4", "16.2.15");
  apt.offer("ceph-common", "18.2.4", "16.2.15");
  apt.offer("librbd1", "18.2.4", "16.2.15");
  apt.offer("qemu-block-extra", "7.2");
  const run = (options?: ProgramOptions) => runOf({ ctl1: host }, options);
  const of = (owner?: string) => run().of(clientPackages, owner);
  const inputs = (more: object = {}) => ({ host: "ctl1", packages: ["ceph-common"], ...more });
  return { host, apt, run, of, inputs };
};
