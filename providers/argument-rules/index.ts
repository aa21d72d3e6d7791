/** What a component asks of its own arguments before it makes resources: the rules and the words of these resources' inputs. */
export { nearest } from "../formats/nearest.js";
export {
  adopt,
  clusterShape,
  entityName,
  generation,
  host,
  isAbsolutePath,
  libvirtUri,
  PATH_FORM,
  userName,
} from "../kernel/common.js";
export { isMap, isUnknown, UNKNOWN } from "../kernel/json.js";
export { HIDDEN, isPart } from "../kernel/shape.js";
export { redact } from "../remote/redact.js";
