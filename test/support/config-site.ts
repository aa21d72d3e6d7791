/** A host with a cinder.conf, and programs with sections of it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { configSection } from "../../providers/config-section/index";
import { fakeHost } from "./fake-host";
import { runOf, type ProgramOptions } from "./run-of";

export const FILE =
  "[DEFAULT]\n# debug = false\n#enabled_backends = <None>\nenabled_backends = lvm\n\n[ceph]\nrbd_pool = old\n";

/** `text`: the file; null: there is none. The host goes after the test. */
export const configSite = (text: string | null = FILE) => {
  const host = fakeHost({ name: "vol1" });
  mkdirSync(host.path("etc"));
  const path = host.path("etc", "cinder.conf");
  if (text !== null) writeFileSync(path, text);
  const run = (options?: ProgramOptions) => runOf({ vol1: host }, options);
  const inputs = (options: object, more: object = {}) => ({
    host: "vol1",
    path,
    section: "ceph",
    options,
    ...more,
  });
  const section = (owner?: string) => run().of(configSection, owner);
  return { host, path, run, inputs, section, text: () => host.text(path) };
};
