/** What the libraries of Glance, Cinder and Nova read and list nowhere: old names of their options, and sections that are named where they are used. */

const OLD_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "DEFAULT",
    [
      ...["log_config", "logdir", "logfile"],
      ...["disable_process_locking", "lock_path"],
      ...["notification_driver", "notification_topics", "notification_transport_url"],
      ...["policy_default_rule", "policy_dirs", "policy_file"],
      ...["max_request_body_size", "osapi_max_request_body_size"],
      ...["rpc_conn_pool_size", "rpc_thread_pool_size", "sql_connection"],
    ],
  ],
  ["key_manager", ["api_class", "auth_url"]],
  ["keystone_authtoken", ["auth_plugin", "memcache_servers"]],
]);

/** oslo.messaging has them until Rocky, in a section of its own and in [DEFAULT]. @see https://docs.openstack.org/releasenotes/oslo.messaging/stein.html */
const RABBIT: readonly string[] = [
  ...["rabbit_host", "rabbit_port", "rabbit_hosts", "rabbit_virtual_host"],
  ...["rabbit_userid", "rabbit_password", "rabbit_max_retries", "fake_rabbit"],
];

/** Whether an option says of RabbitMQ what `transport_url` alone says since Stein. */
export const isOldRabbit = (section: string, option: string): boolean =>
  ["DEFAULT", "oslo_messaging_rabbit"].includes(section) && RABBIT.includes(option);

/** In which release of the library it went is not known here. */
export const isOldLibraryName = (section: string, option: string): boolean =>
  OLD_NAMES.get(section)?.includes(option) === true;

/** Of oslo.privsep, one for each part of a program that runs as root, and of os-vif. */
export const UNLISTED_SECTIONS: readonly string[] = [
  ...["cinder_sys_admin", "nova_sys_admin", "privsep_osbrick"],
  ...["vif_plug_linux_bridge_privileged", "vif_plug_ovs_privileged"],
  ...["os_vif_linux_bridge", "os_vif_noop", "os_vif_ovs"],
];

/** Sections that a library registers by itself, whoever uses it. */
export const OWN_SECTIONS: readonly string[] = ["database"];
