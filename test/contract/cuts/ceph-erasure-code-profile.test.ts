import { cutsOf } from "../../support/laws-cuts-suite";

cutsOf("ceph-erasure-code-profile");
