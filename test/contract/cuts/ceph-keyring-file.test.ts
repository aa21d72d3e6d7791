import { cutsOf } from "../../support/laws-cuts-suite";

cutsOf("ceph-keyring-file");
