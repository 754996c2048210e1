#define _GNU_SOURCE
#include "CLaunch.h"
#include "namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> do not go together in every version of glibc.
extern int mount(const char *, const char *, const char *, unsigned long, const void *);
extern int umount2(const char *, int);
enum { SLIPWAY_UNMOUNT_DETACHED = 2 };

int slipway_own_mounts(void) {
  if (unshare(CLONE_NEWNS) != 0) return -1;
  return mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL);
}

int slipway_own_mounts_as_user(void) {
  unsigned user = geteuid(), group = getegid();
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return -1;
  if (slipway_put("/proc/self/setgroups", "deny") != 0 ||
      slipway_map("self", user, group, user, group) != 0)
    return -1;
  return slipway_follow_host();
}

int slipway_follow_host(void) {
  // The commands are the same user as their host's: what that user may have is not all theirs.
  (void)slipway_put("/proc/sys/user/max_inotify_instances", "64");
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
  pid_t holder = slipway_hold(CLONE_NEWUSER);
  if (holder < 0) return -1;
  int mapping = -1;
  if (slipway_map_holder(holder, owner_user, owner_group, slot, slot) == 0)
    mapping = slipway_keep(holder, "user");
  slipway_let_go(holder);
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

int slipway_mount_devices(const char *target) {
  return mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755,size=4k");
}

int slipway_make_device(const char *path, unsigned major, unsigned minor) {
  if (mknod(path, S_IFCHR | 0666, makedev(major, minor)) != 0) return -1;
  // The mask of whoever started the house has no say in it.
  return chmod(path, 0666);
}

int slipway_mount_overlay(const char *target, const char *options) {
  return mount("overlay", target, "overlay", MS_NOSUID | MS_NODEV, options);
}

int slipway_mount_processes(const char *target) {
  return mount("proc", target, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

int slipway_unmount(const char *target) { return umount2(target, SLIPWAY_UNMOUNT_DETACHED); }
