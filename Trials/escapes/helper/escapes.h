// The attempts to get out of a sandbox. Each really tries what its row says, in a way that harms
// nothing where it succeeds, and takes away what it made.
#pragma once

#include <stdbool.h>
#include <sys/types.h>

// What the harness has prepared around the sandbox, and tells the attempt on the command line.
typedef struct {
  pid_t host_pid;          // a process outside, of the uid that starts the sandbox
  unsigned long address;   // where that process keeps its secret
  pid_t apart_pid;         // one outside that lives in a user namespace of its own
  pid_t init_pid;          // process 1; outside, where that is not ours to touch, the first again
  const char *marker;      // a file with a secret outside
  const char *home;        // a home with credentials outside
  const char *token;       // a word that marks all that belongs to this run
  const char *control;     // a control group outside that holds the whole run
  const char *setuid;      // a program outside that belongs to root and has the setuid bit
  const char *abstract;    // the name of an abstract socket outside
  const char *key;         // the description of a key in the session keyring
  int port;                // on 127.0.0.1, where somebody outside listens
  bool metadata;           // a fake of the metadata service stands in this network namespace
} surroundings;

extern surroundings given;

// What a row came to. A way is one of several that a row tries; any open one opens the row.
void opened(const char *way);
void refused(const char *way);  // errno says why
void skipped(const char *way, const char *why);
// Open if it worked.
void judge(const char *way, bool worked);
// For a call made so that it must fail: only a refusal on account of rights contains it.
void reached(const char *way, long result);
// Runs a way in a process of its own, so that what it changes or dies of stays there.
void apart(const char *way, void (*attempt)(void));

// Whether a file can be opened, without reading or writing it.
void open_file(const char *path, int flags);
const char *marked(const char *prefix);  // a name with the run's token, valid until the next call
double wall_clock(void);

// Rows, in the order of their numbers.
void signal_host(void), trace_host(void), peer_into_host(void), read_host_proc(void);
void overwrite_launcher(void), use_descriptors(void);
void push_input(void), paste_console(void), open_terminal(void);
void nest_user_namespace(void), enter_namespaces(void), mount_things(void), leave_chroot(void);
void make_device(void), find_devices(void), call_as_root(void), write_core_pattern(void);
void write_kernel_files(void), use_release_agent(void), leave_control_group(void);
void gain_by_setuid(void), leave_setuid_file(void), set_capability(void), read_secrets(void);
void plant_symlink(void), link_outside(void);
void connect_loopback(void), ask_metadata(void), connect_abstract(void), connect_services(void);
void open_vsock(void), open_families(void), set_up_ring(void), use_odd_calls(void), use_keys(void);
void pass_descriptor(void), clash_with_neighbour(void);
void outlive(void), hold_output(void), ignore_the_end(void);
void bomb_processes(void), bomb_memory(void), fill_disk(void), exhaust_user(void), dump_core(void);
void read_kernel_secrets(void), ask_names(void), set_clock(void), gain_priority(void);

// What the harness runs outside.
int be_host(bool in_own_namespaces);
int watch_user(void);
