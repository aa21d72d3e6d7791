/** What the monitors of 16.2.15 say of a number of placement groups that they do not take. */

/** Before anything is made. */
export const BEYOND_ALL = {
  code: 34,
  text: "'pg_num' must be greater than 0 and less than or equal to 65536 (you may adjust 'mon max pool pg num' for higher values)",
};

/** After the rule was made, which stays. */
export const TOO_MANY = {
  code: 34,
  text: " pg_num 60000 size 3 would mean 180058 total pgs, which exceeds max 6000 (mon_max_pg_per_osd 2000 * num_in_osds 3)",
};
