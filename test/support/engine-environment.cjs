"use strict";

/**
 * Where an engine ends before the program of its run, calls of the program are refused, and the SDK says so by promises that nobody awaits. It passes over
 * them by a listener on `process`; in a test file that is Jest's copy, which hears nothing, and Jest fails the file. Here they are heard in its place: what
 * a run came to is told by the run.
 */
const { TestEnvironment } = require("jest-environment-node");

/** gRPC's codes of a call whose server is gone: CANCELLED and UNAVAILABLE. */
const GONE = new Set([1, 14]);

module.exports = class EngineEnvironment extends TestEnvironment {
  handleTestEvent({ name, error, promise }) {
    if (name === "error" && GONE.has(error?.code)) promise?.catch(() => undefined);
  }
};
