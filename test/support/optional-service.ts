/** An optional cinder-volume on a stand-in for ctl1. */
import { service } from "../../providers/service/index";
import { LONGER_AGO } from "./fake-systemctl";
import { serviceSite } from "./service-site";

export const UNIT = "cinder-volume";

/** One with its unit not there yet; its file is older than anything that runs. */
export const optionalSite = () => {
  const { host, systemctl, conf, write, run, of } = serviceSite("ctl1", "cinder.conf");
  write("[ceph]\nrbd_user = cinder\n", LONGER_AGO);
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
  return { host, systemctl, write, run, of, inputs, other, created };
};
