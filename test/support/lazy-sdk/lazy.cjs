"use strict";

/**
 * Pulumi's SDK loads the TypeScript compiler and npm's Arborist when it is loaded, two thirds of what that costs, and uses them only to write a function of
 * a program down as text. Nothing of ours is such a function: in tests they are loaded when something is asked of them.
 * @param {() => object} load
 */
exports.lazy = (load) => {
  let loaded;
  const it = () => (loaded ??= load());
  // What is marked as a module is taken as it is by an `import * as`, not copied name by name.
  return new Proxy({}, { get: (_, name) => (name === "__esModule" ? true : it()[name]) });
};
