import { cutsOf } from "../../support/laws-cuts-suite";

cutsOf("libvirt-secret");
