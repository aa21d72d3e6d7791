/** A host with a stand-in for systemctl, and a file that a service of it reads. */
import { utimesSync, writeFileSync } from "node:fs";
import { service } from "../../providers/service/index";
import { fakeHost } from "./fake-host";
import { fakeSystemctl } from "./fake-systemctl";
import { runOf } from "./run-of";

/** No unit is there yet, and no file. */
export const serviceSite = (name: string, file: string) => {
  const host = fakeHost({ name });
  const systemctl = fakeSystemctl(host.path("systemd"));
  host.before = (request) => ({
    ...request,
    program: { ...request.program, text: `PATH='${systemctl.bin}':$PATH\n${request.program.text}` },
  });
  const conf = host.path(file);
  /** Without a moment it is written now. */
  const write = (said: string, at?: Date): void => {
    writeFileSync(conf, said);
    if (at !== undefined) utimesSync(conf, at, at);
  };
  const run = () => runOf({ [name]: host });
  const of = (owner?: string) => run().of(service, owner);
  return { host, systemctl, conf, write, run, of };
};
