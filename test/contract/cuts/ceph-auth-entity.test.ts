import { cutsOf } from "../../support/laws-cuts-suite";

cutsOf("ceph-auth-entity");
