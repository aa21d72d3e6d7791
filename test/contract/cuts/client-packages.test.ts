import { cutsOf } from "../../support/laws-cuts-suite";

cutsOf("client-packages");
