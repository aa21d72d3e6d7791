/** A refresh and a destroy run with the configuration of the last `up`: an error that may come from it must say so. */
import { Failure, isFailure, type FailureCode } from "../remote/failure.js";

const BY_CONFIGURATION: readonly FailureCode[] = ["configuration", "authentication", "host-key", "sudo"];

const SAYS =
  "Without an `up`, the configuration of the last one counts; CEPH_OPENSTACK_… variables beat it (docs/hosts.md).";

/** The failure, with that sentence where configuration is what failed. */
export const ofLastUp = (error: unknown): unknown => {
  if (!isFailure(error) || !BY_CONFIGURATION.includes(error.code)) return error;
  const { cure } = error.parts;
  return new Failure({ ...error.parts, cure: cure === undefined ? SAYS : `${cure} ${SAYS}` });
};
