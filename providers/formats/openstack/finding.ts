/** A warning about a section of a service's file, and how it is silenced and said. Pure. */

/** One warning: the option that it is about, empty for the section itself, and a sentence about it. */
export interface Finding {
  readonly option: string;
  readonly text: string;
  /** Nothing works with it: the service does not start, or refuses what it is asked. @default it is allowed */
  readonly fatal?: boolean;
}

/** What an option gets wrong. */
export type Reason = Omit<Finding, "option">;

/** True where `silence` names the option, in any section or in this one, or the whole section. */
export const isSilenced = (silence: readonly string[], section: string, { option }: Finding): boolean =>
  silence.includes(`[${section}]`) ||
  (option !== "" && (silence.includes(option) || silence.includes(`${section}/${option}`)));

/** The word that silences it, and nothing else. */
export const silencer = (section: string, { option }: Pick<Finding, "option">): string =>
  `(silence: ${JSON.stringify(option === "" ? `[${section}]` : `${section}/${option}`)})`;

/** `[libvirt] images_type takes … (silence: "libvirt/images_type")` */
export const spoken = (section: string, finding: Finding): string => {
  const { option, text } = finding;
  return `[${section}] ${option === "" ? text : `${option} ${text}`} ${silencer(section, finding)}`;
};
