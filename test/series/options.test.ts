/** Options against the services' own releases from the Python index, of the series that `npm run test:series` has installed. */
import { inEnvironment } from "../support/options-code";
import { judgeOptions } from "../support/options-judgement";

const folder = process.env["SERIES_HOME"];
if (folder === undefined) throw new Error("SERIES_HOME is not set: npm run test:series sets it");

judgeOptions(inEnvironment(folder), []);
