#define _GNU_SOURCE
#include "escapes.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"

surroundings given = {.init_pid = 1, .token = "none"};

static const struct {
  const char *id;
  void (*attempt)(void);  // none where the house shows it by other means
} rows[] = {
    {"E01", signal_host}, {"E02", trace_host}, {"E03", peer_into_host}, {"E04", read_host_proc},
    {"E05", overwrite_launcher}, {"E06", use_descriptors}, {"E07", push_input},
    {"E08", paste_console}, {"E09", open_terminal}, {"E10", nest_user_namespace},
    {"E11", enter_namespaces}, {"E12", mount_things}, {"E13", leave_chroot}, {"E14", make_device},
    {"E15", find_devices}, {"E16", call_as_root}, {"E17", write_core_pattern},
    {"E18", write_kernel_files}, {"E19", use_release_agent}, {"E20", leave_control_group},
    {"E21", gain_by_setuid}, {"E22", leave_setuid_file}, {"E23", set_capability},
    {"E24", read_secrets}, {"E25", NULL}, {"E26", NULL}, {"E27", plant_symlink},
    {"E28", link_outside}, {"E29", NULL}, {"E30", NULL}, {"E31", NULL}, {"E32", NULL},
    {"E33", NULL}, {"E34", NULL}, {"E35", NULL}, {"E36", connect_loopback}, {"E37", ask_metadata},
    {"E38", connect_abstract}, {"E39", connect_services}, {"E40", open_vsock},
    {"E41", open_families}, {"E42", set_up_ring}, {"E43", use_odd_calls}, {"E44", use_keys},
    {"E45", pass_descriptor}, {"E46", clash_with_neighbour}, {"E47", outlive},
    {"E48", hold_output}, {"E49", ignore_the_end}, {"E50", bomb_processes}, {"E51", bomb_memory},
    {"E52", fill_disk}, {"E53", exhaust_user}, {"E54", dump_core}, {"E55", read_kernel_secrets},
    {"E56", ask_names}, {"E57", NULL}, {"E58", NULL}, {"E59", NULL}, {"E60", NULL}, {"E61", NULL},
    {"E62", NULL}, {"E63", NULL}, {"E64", NULL}, {"E65", NULL}, {"E66", NULL}, {"E67", NULL},
    {"E68", NULL}, {"E69", NULL}, {"E70", NULL}, {"E71", set_clock}, {"E72", gain_priority},
};

static void read_surroundings(int count, char **words) {
  static const struct option options[] = {
      {"host-pid", 1, 0, 'h'}, {"address", 1, 0, 'a'},  {"apart-pid", 1, 0, 'p'},
      {"init-pid", 1, 0, 'i'}, {"marker", 1, 0, 'm'},   {"home", 1, 0, 'd'},
      {"token", 1, 0, 't'},    {"control", 1, 0, 'c'},  {"setuid", 1, 0, 's'},
      {"abstract", 1, 0, 'b'}, {"key", 1, 0, 'k'},      {"port", 1, 0, 'o'},
      {"metadata", 0, 0, 'f'}, {0},
  };
  for (int option; (option = getopt_long(count, words, "", options, NULL)) != -1;) {
    switch (option) {
      case 'h': given.host_pid = atoi(optarg); break;
      case 'a': given.address = strtoul(optarg, NULL, 0); break;
      case 'p': given.apart_pid = atoi(optarg); break;
      case 'i': given.init_pid = atoi(optarg); break;
      case 'm': given.marker = optarg; break;
      case 'd': given.home = optarg; break;
      case 't': given.token = optarg; break;
      case 'c': given.control = optarg; break;
      case 's': given.setuid = optarg; break;
      case 'b': given.abstract = optarg; break;
      case 'k': given.key = optarg; break;
      case 'o': given.port = atoi(optarg); break;
      case 'f': given.metadata = true; break;
      default: exit(2);
    }
  }
}

static int usage(void) {
  fputs("escapes: list | try ID [--token WORD] […] | host | apart | watch | euid\n", stderr);
  return 2;
}

int main(int count, char **words) {
  if (count < 2) return usage();
  const char *command = words[1];
  const size_t number = sizeof rows / sizeof *rows;
  if (strcmp(command, "list") == 0) {
    for (size_t i = 0; i < number; i++) puts(rows[i].id);
    return 0;
  }
  if (strcmp(command, "euid") == 0) return getuid() == geteuid() ? 0 : 42;
  // With the setuid bit, which E21 sets, it is good for that one answer and nothing else.
  if (setresuid(getuid(), getuid(), getuid()) != 0) return 3;
  if (strcmp(command, "host") == 0 || strcmp(command, "apart") == 0) {
    return be_host(*command == 'a');
  }
  if (strcmp(command, "watch") == 0) return watch_user();
  if (strcmp(command, "try") != 0 || count < 3) return usage();
  read_surroundings(count - 2, words + 2);
  for (size_t i = 0; i < number; i++) {
    if (strcmp(rows[i].id, words[2]) == 0) return report(rows[i].id, rows[i].attempt);
  }
  fprintf(stderr, "escapes: there is no '%s'; 'escapes list' tells them\n", words[2]);
  return 2;
}
