/** Key pairs for tests, made in this process. */
import { utils } from "ssh2";

export interface KeyPair {
  readonly private: string;
  /** `ssh-ed25519 AAAA…` */
  readonly public: string;
}

export const newKey = (type: "ed25519" | "ecdsa" = "ed25519", passphrase?: string): KeyPair => {
  const encryption = passphrase === undefined ? {} : { passphrase, cipher: "aes256-ctr", rounds: 2 };
  const options = { comment: "test", ...encryption };
  const pair =
    type === "ecdsa"
      ? utils.generateKeyPairSync("ecdsa", { bits: 256, ...options })
      : utils.generateKeyPairSync("ed25519", options);
  // ssh2 1.17 now and then writes a key that it cannot read itself.
  return utils.parseKey(pair.private, passphrase) instanceof Error ? newKey(type, passphrase) : pair;
};
