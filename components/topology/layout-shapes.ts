/** The shape of a layout. Pure. */
import { libvirtUri, userName } from "../../providers/argument-rules/index.js";
import type { FileOwner, LayoutOverrides, LayoutRole, ServiceUnit } from "../layouts/layout.js";
import {
  anything,
  fields,
  isObject,
  isText,
  list,
  oneOfKinds,
  ruled,
  text,
  type Check,
  type Fields,
} from "./shapes.js";

const byRole = <T>(item: Check): Fields<Record<LayoutRole, T>> => ({
  glance: item,
  cinder: item,
  cinderBackup: item,
  nova: item,
});

export const owner = ruled(userName);
const fileOwner = fields<FileOwner>({ owner, group: owner }, { required: ["owner"] });
const aUser = oneOfKinds(
  [
    { is: isText, check: owner },
    { is: isObject, check: fileOwner },
  ],
  'a user, or one with its group: { owner: "…", group: "…" }',
);
const words = list(text);
const path = anything;

const overrides = fields<LayoutOverrides>({
  preset: anything,
  glanceConf: path,
  cinderConf: path,
  cinderBackupConf: path,
  novaConf: path,
  users: fields<NonNullable<LayoutOverrides["users"]>>({ glance: aUser, cinder: aUser, nova: aUser }),
  cephDirs: fields(byRole(path)),
  cephDir: path,
  libvirtCephDirs: list(path),
  keyring: fields<NonNullable<LayoutOverrides["keyring"]>>({ owner, group: owner, mode: text }),
  qemu: fileOwner,
  virsh: list(text, "must be at least one word: how virsh is started"),
  libvirtUri: ruled(libvirtUri),
  units: fields(
    byRole(
      fields<ServiceUnit>(
        { unit: text, container: text, engine: text, restart: words },
        { required: ["unit"] },
      ),
    ),
  ),
  packages: fields<NonNullable<LayoutOverrides["packages"]>>({
    "rbd-python": words,
    "ceph-common": words,
    "qemu-rbd": words,
  }),
});
export const layout = oneOfKinds(
  [
    { is: isText, check: anything },
    { is: isObject, check: overrides },
  ],
  "the name of a layout, or a map of what is otherwise in one",
);
