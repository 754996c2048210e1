// What a supervisor needs of the kernel and Swift cannot do: a child that is made ready between fork
// and exec, where only what is safe after a fork may be called, and mounts by file descriptor.
#pragma once
#include <sys/types.h>

// How far a child had come when something failed.
enum slipway_step {
  SLIPWAY_STEP_NONE,
  SLIPWAY_STEP_FORK,
  SLIPWAY_STEP_SESSION,
  SLIPWAY_STEP_KEYRING,
  SLIPWAY_STEP_GROUP,
  SLIPWAY_STEP_LIMIT,
  SLIPWAY_STEP_NAMESPACE,
  SLIPWAY_STEP_PROCESSES,
  SLIPWAY_STEP_USER,
  SLIPWAY_STEP_PARENT,
  SLIPWAY_STEP_DESCRIPTORS,
  SLIPWAY_STEP_FOLDER,
  SLIPWAY_STEP_EXEC,
};

enum slipway_resource {
  SLIPWAY_CORE,
  SLIPWAY_FILES,
  SLIPWAY_FILE_SIZE,
};

struct slipway_limit {
  enum slipway_resource resource;
  unsigned long value;
};

struct slipway_launch {
  const char *program;
  char *const *arguments;
  char *const *environment;
  const char *folder;
  // Not negative: namespaces that the child enters.
  int network;
  int user_namespace;
  // Not negative: the user and group that the child becomes, for good, as it sees them there.
  int slot;
  // Not zero: /proc shows the child the processes of its own namespace.
  int sees_own_processes;
  // Becomes standard output and standard error.
  int output;
  // Become 3, 4, … in this order; every other descriptor is closed.
  const int *descriptors;
  int descriptor_count;
  // Open for writing: the lists of processes of the control groups to join.
  const int *groups;
  int group_count;
  const struct slipway_limit *limits;
  int limit_count;
};

struct slipway_failure {
  int step;
  int code;
};

// The child's process id, or -1 and why. The child dies with its parent, and all that it starts with
// the child: it is the first in a namespace of processes.
pid_t slipway_launch_start(const struct slipway_launch *launch, struct slipway_failure *failure);

// Starts a supervisor in a session of its own, with nothing of ours but `input` on its standard
// input and `life` as 3, which ends when it ends. Its process id, or -1 and errno.
pid_t slipway_start_supervisor(
    const char *program, const char *owner, const char *slot, int input, int life);

// Starts a courier in a session of its own, with one end of a line on its standard input and nothing
// else of ours; the other end is put into `line`. Its process id, or -1 and errno.
pid_t slipway_start_courier(const char *program, int *line);

// Starts a program of the administrator's in a session of its own, with `input` on its standard
// input and nothing else of ours, no environment among it. Its process id, or -1 and errno.
pid_t slipway_start_program(const char *program, char *const *arguments, int input);

// Below: 0 or a descriptor, or -1 and errno.

// A namespace for mounts of this process alone, from which nothing gets out. What the host mounts
// and unmounts is followed in it until that is kept out.
int slipway_own_mounts(void);
int slipway_keep_mounts(void);
// The same for who is not root: in a user namespace in which nothing changes but what is allowed.
int slipway_own_mounts_as_user(void);

// Numbers that follow each other.
struct slipway_span {
  unsigned first;
  unsigned count;
};
// Somebody, and numbers that belong to nobody else but him.
struct slipway_users {
  unsigned user;
  unsigned group;
  struct slipway_span users;
  struct slipway_span groups;
  // Not zero: the caller is root, and not that somebody.
  int is_slot;
  // The programs that give an ordinary user what is his.
  const char *map_users;
  const char *map_groups;
};
// The same with those users in it, as they are outside; 1 if they could not be had, and all is
// as without them.
int slipway_own_mounts_with_users(const struct slipway_users *users);
// Two user namespaces, one in the other, in which somebody is 0 and his range follows. Whatever is
// made in the outer one is not for those in the inner one to change. They can make no other, and
// `most` is how many processes they may have, with whoever is in the outer one.
struct slipway_user_namespaces {
  int outer;
  int inner;
};
int slipway_make_users(const struct slipway_users *users, unsigned long most,
                       struct slipway_user_namespaces *made);
// Whether either of them works, tried in a child.
int slipway_can_own_mounts(int as_root);
// A user namespace in which `owner` is `slot`, for a mount that shows one's files as the other's.
int slipway_mapping(unsigned owner_user, unsigned owner_group, unsigned slot);
enum slipway_view {
  SLIPWAY_READ_ONLY = 1,
  // With what is mounted below it.
  SLIPWAY_WHOLE = 2,
};
// A tree, seen through a mapping unless that is -1, at `target`.
int slipway_mount_tree(const char *source, const char *target, int mapping, unsigned view);
// The one device that `source` is.
int slipway_mount_device(const char *source, const char *target);
// Terminals of its own.
int slipway_mount_terminals(const char *target);
// From now on nothing is made, changed or removed through this mount.
int slipway_mount_seal(const char *target);
int slipway_mount_memory(const char *target, const char *options);
// Memory in which files of devices are devices.
int slipway_mount_devices(const char *target);
// A file of a device that everybody may use.
int slipway_make_device(const char *path, unsigned major, unsigned minor);
// The processes of the caller's own namespace.
int slipway_mount_processes(const char *target);
int slipway_mount_overlay(const char *target, const char *options);
int slipway_unmount(const char *target);

struct slipway_placement {
  const char *source;
  const char *target;
  int read_only;
};

// Shows trees of ours, with what is mounted in them, in another mount namespace, where they stay as
// long as that does. Both are named by paths, the targets by those of the other.
int slipway_place_trees(int mounts, const struct slipway_placement *placements, int count);
// In a network namespace: nothing reaches addresses that are valid on a link only, where clouds tell
// machines their secrets.
int slipway_refuse_metadata(int network);

int slipway_process_descriptor(pid_t process);
// How many processes its user may have in its user namespace, for it and those it starts from now.
int slipway_limit_processes(pid_t process, unsigned long most);
// Readable when the signal has come, which from now on does nothing else.
int slipway_hear_signal(int number);
int slipway_signal(int process_descriptor, int number);
// A pipe that holds as much as one may, with both ends close-on-exec.
int slipway_pipe(int ends[2]);
// A file in memory that nobody can find by a name.
int slipway_memory_file(const char *label);

// Copies all of a file into an empty one: shared on the disk where the file system can.
int slipway_copy_bytes(int from, int to);

// A network of its own, with nothing in it, and the user namespace that it belongs to, in which
// `user` and `group` are root.
struct slipway_network {
  int network;
  int user_namespace;
};
int slipway_make_network(unsigned user, unsigned group, struct slipway_network *made);
// From then on whoever is in it reaches itself.
int slipway_raise_loopback(int network);
// The calling thread alone, which may find no way back.
int slipway_enter_network(int network);

// Addresses that begin with the same bits; the address as it is in a packet.
struct slipway_range {
  unsigned address;
  int length;
};
// What this host delivers to itself, in the network of the caller: how many, at most `most`.
int slipway_own_ranges(struct slipway_range *ranges, int most);

// How the network of a sandbox is to be.
struct slipway_way {
  const char *device;
  unsigned size;  // of a packet
  unsigned address;
  unsigned gateway;
  unsigned names;
  const struct slipway_range *blocked;
  int blocked_count;
};
int slipway_open_way(int network, const struct slipway_way *way);
