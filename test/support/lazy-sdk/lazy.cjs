"use strict";

/**
 * When Pulumi's SDK is loaded it loads its Automation API, the TypeScript compiler and npm's Arborist, three quarters of what that costs. It asks the last
 * two only where it writes a function of a program down as text, and nothing of ours is such a function. In tests they are loaded when they are asked.
 * @param {() => object} load
 */
exports.lazy = (load) => {
  let loaded;
  const it = () => (loaded ??= load());
  // What is marked as a module is taken as it is by an `import * as`, not copied name by name.
  return new Proxy({}, { get: (_, name) => (name === "__esModule" ? true : it()[name]) });
};
