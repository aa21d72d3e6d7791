import { tourOn } from "../support/tour-on";

tourOn("bullseye");
