#define _GNU_SOURCE
#include "CLaunch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> do not go together in every version of glibc.
extern int mount(const char *, const char *, const char *, unsigned long, const void *);
extern int umount2(const char *, int);
enum { SLIPWAY_UNMOUNT_DETACHED = 2 };

static int put(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t count = write(file, text, strlen(text));
  int code = errno;
  close(file);
  errno = code;
  return count == (ssize_t)strlen(text) ? 0 : -1;
}

static int put_map(const char *path, unsigned inside, unsigned outside) {
  char line[64];
  snprintf(line, sizeof line, "%u %u 1", inside, outside);
  return put(path, line);
}

int slipway_own_mounts(void) {
  if (unshare(CLONE_NEWNS) != 0) return -1;
  return mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL);
}

int slipway_own_mounts_as_user(void) {
  unsigned user = geteuid(), group = getegid();
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return -1;
  if (put("/proc/self/setgroups", "deny") != 0 || put_map("/proc/self/uid_map", user, user) != 0 ||
      put_map("/proc/self/gid_map", group, group) != 0)
    return -1;
  // The commands are the same user as their host's: what that user may have is not all theirs.
  (void)put("/proc/sys/user/max_inotify_instances", "64");
  return mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL);
}

int slipway_keep_mounts(void) { return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL); }

int slipway_can_own_mounts(int as_root) {
  pid_t child = fork();
  if (child == 0) _exit((as_root ? slipway_own_mounts() : slipway_own_mounts_as_user()) == 0 ? 0 : 1);
  int status = 1;
  if (child < 0) return -1;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return status == 0 ? 0 : -1;
}

int slipway_mapping(unsigned owner_user, unsigned owner_group, unsigned slot) {
  int ready[2];
  if (pipe2(ready, O_CLOEXEC) != 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    char told = unshare(CLONE_NEWUSER) == 0;
    (void)!write(ready[1], &told, 1);
    // Only the namespace is wanted; it is kept by the descriptor that the parent opens.
    for (;;) pause();
  }
  close(ready[1]);
  int mapping = -1;
  char told = 0;
  if (child > 0) {
    ssize_t count;
    do count = read(ready[0], &told, 1);
    while (count < 0 && errno == EINTR);
    char path[64];
    errno = EPERM;
    if (count == 1 && told) {
      snprintf(path, sizeof path, "/proc/%d/uid_map", child);
      int mapped = put_map(path, owner_user, slot);
      snprintf(path, sizeof path, "/proc/%d/gid_map", child);
      if (mapped == 0 && put_map(path, owner_group, slot) == 0) {
        snprintf(path, sizeof path, "/proc/%d/ns/user", child);
        mapping = open(path, O_RDONLY | O_CLOEXEC);
      }
    }
    int code = errno;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    errno = code;
  }
  int code = errno;
  close(ready[0]);
  errno = code;
  return mapping;
}

static int move_copy(
    const char *source, const char *target, unsigned below, struct mount_attr *attributes) {
  int tree = (int)syscall(SYS_open_tree, AT_FDCWD, source, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | below);
  if (tree < 0) return -1;
  int done = (int)syscall(
      SYS_mount_setattr, tree, "", AT_EMPTY_PATH | below, attributes, sizeof *attributes);
  if (done == 0)
    done = (int)syscall(SYS_move_mount, tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH);
  int code = errno;
  close(tree);
  errno = code;
  return done;
}

int slipway_mount_tree(const char *source, const char *target, int mapping, unsigned view) {
  struct mount_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  if (view & SLIPWAY_READ_ONLY) attributes.attr_set |= MOUNT_ATTR_RDONLY;
  if (mapping >= 0) {
    attributes.attr_set |= MOUNT_ATTR_IDMAP;
    attributes.userns_fd = (unsigned long long)mapping;
  }
  return move_copy(source, target, view & SLIPWAY_WHOLE ? AT_RECURSIVE : 0, &attributes);
}

int slipway_mount_device(const char *source, const char *target) {
  struct mount_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
  return move_copy(source, target, 0, &attributes);
}

int slipway_mount_terminals(const char *target) {
  return mount(
      "devpts", target, "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620");
}

int slipway_mount_seal(const char *target) {
  struct mount_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.attr_set = MOUNT_ATTR_RDONLY;
  return (int)syscall(SYS_mount_setattr, AT_FDCWD, target, 0, &attributes, sizeof attributes);
}

int slipway_mount_memory(const char *target, const char *options) {
  return mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, options);
}

int slipway_mount_overlay(const char *target, const char *options) {
  return mount("overlay", target, "overlay", MS_NOSUID | MS_NODEV, options);
}

int slipway_unmount(const char *target) { return umount2(target, SLIPWAY_UNMOUNT_DETACHED); }
