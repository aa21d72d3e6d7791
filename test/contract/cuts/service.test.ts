import { cutsOf } from "../../support/laws-cuts-suite";

cutsOf("service");
