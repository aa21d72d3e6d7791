/** One line per artifact: what the stub of a kind finds. */
import type { dynamic } from "@pulumi/pulumi";
import { cephAuthEntity } from "./ceph-auth-entity/index.js";
import { cephConfigFile } from "./ceph-config-file/index.js";
import { cephCrushRule } from "./ceph-crush-rule/index.js";
import { cephErasureCodeProfile } from "./ceph-erasure-code-profile/index.js";
import { cephKeyringFile } from "./ceph-keyring-file/index.js";
import { cephPool } from "./ceph-pool/index.js";
import { clientCheck } from "./client-check/index.js";
import { clientPackages } from "./client-packages/index.js";
import { configSection } from "./config-section/index.js";
import { directory } from "./directory/index.js";
import { imageProperties } from "./image-properties/index.js";
import type { Artifact } from "./kernel/contract.js";
import type { Surroundings } from "./kernel/surroundings.js";
import { verbs } from "./kernel/verbs.js";
import { libvirtSecret } from "./libvirt-secret/index.js";
import { service } from "./service/index.js";

const serve =
  <I extends object, X>(artifact: Artifact<I, X>) =>
  (surroundings: Surroundings): dynamic.ResourceProvider =>
    verbs(artifact, surroundings);

/** Every artifact by its kind. */
export const artifacts = {
  CephPool: serve(cephPool),
  CephCrushRule: serve(cephCrushRule),
  CephErasureCodeProfile: serve(cephErasureCodeProfile),
  CephAuthEntity: serve(cephAuthEntity),
  CephConfigFile: serve(cephConfigFile),
  CephKeyringFile: serve(cephKeyringFile),
  LibvirtSecret: serve(libvirtSecret),
  ConfigSection: serve(configSection),
  Directory: serve(directory),
  Service: serve(service),
  ClientCheck: serve(clientCheck),
  ImageProperties: serve(imageProperties),
  ClientPackages: serve(clientPackages),
};
