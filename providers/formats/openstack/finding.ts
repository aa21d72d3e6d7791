/** A warning about a section of a service's file, and how it is silenced and said. Pure. */

/** One warning: the option that it is about, empty for the section itself, and a sentence about it. */
export interface Finding {
  readonly option: string;
  readonly text: string;
}

/** True where `silence` names the option, in any section or in this one, or the whole section. */
export const isSilenced = (silence: readonly string[], section: string, { option }: Finding): boolean =>
  silence.includes(`[${section}]`) ||
  (option !== "" && (silence.includes(option) || silence.includes(`${section}/${option}`)));

/** `[libvirt] images_type takes …` */
export const spoken = (section: string, { option, text }: Finding): string =>
  `[${section}] ${option === "" ? text : `${option} ${text}`}`;
