import { cutsOf } from "../../support/laws-cuts-suite";

cutsOf("ceph-config-file");
