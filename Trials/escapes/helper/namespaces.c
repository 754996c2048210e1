// E10–E13: namespaces, mounts and roots.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "escapes.h"

static void by_unshare(void) { judge("unshare(NEWUSER)", unshare(CLONE_NEWUSER) == 0); }

static void by_clone(void) {
  long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit(0);
  judge("clone(NEWUSER)", child > 0);
  if (child > 0) waitpid((pid_t)child, NULL, 0);
}

static void by_clone3(void) {
  struct clone_args arguments = {.flags = CLONE_NEWUSER, .exit_signal = SIGCHLD};
  long child = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (child == 0) _exit(0);
  judge("clone3(NEWUSER)", child > 0);
  if (child > 0) waitpid((pid_t)child, NULL, 0);
}

void nest_user_namespace(void) {
  apart("unshare(NEWUSER)", by_unshare);
  apart("clone(NEWUSER)", by_clone);
  apart("clone3(NEWUSER)", by_clone3);
}

static pid_t whose;

static void enter_each(void) {
  static const char *const kinds[] = {"user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/%s", whose, kinds[i]);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
      refused(path);
      continue;
    }
    // To enter one's own user namespace again is EINVAL and tells nothing.
    judge(path, setns(file, 0) == 0);
    close(file);
  }
}

void enter_namespaces(void) {
  pid_t processes[] = {given.init_pid, given.apart_pid};
  for (size_t i = 0; i < 2; i++) {
    whose = processes[i];
    if (whose > 0) apart("setns", enter_each);
  }
}

static void mount_anew(void) {
  mkdir("mnt", 0755);
  bool mounted = mount("tmpfs", "mnt", "tmpfs", 0, "size=4k") == 0;
  judge("mount(tmpfs)", mounted);
  if (mounted) umount2("mnt", MNT_DETACH);
  rmdir("mnt");
  int context = (int)syscall(SYS_fsopen, "tmpfs", 1);
  judge("fsopen(tmpfs)", context >= 0);
  if (context >= 0) close(context);
}

// The same flags again change nothing, and need the same rights as others would.
static void change_mounts(void) {
  struct statvfs now;
  if (statvfs("/usr", &now) == 0) {
    unsigned long flags = MS_REMOUNT | MS_BIND;
    if (now.f_flag & ST_RDONLY) flags |= MS_RDONLY;
    if (now.f_flag & ST_NOSUID) flags |= MS_NOSUID;
    if (now.f_flag & ST_NODEV) flags |= MS_NODEV;
    if (now.f_flag & ST_NOEXEC) flags |= MS_NOEXEC;
    if (now.f_flag & ST_NOATIME) flags |= MS_NOATIME;
    if (now.f_flag & ST_RELATIME) flags |= MS_RELATIME;
    reached("remount of /usr", mount(NULL, "/usr", NULL, flags, NULL));
  }
  reached("umount2(/usr/bin)", umount2("/usr/bin", 0));  // not a mount point anywhere: EINVAL
  long tree = syscall(SYS_open_tree, AT_FDCWD, "/usr", 1 /* OPEN_TREE_CLONE */ | O_CLOEXEC);
  judge("open_tree(clone)", tree >= 0);
  if (tree >= 0) close((int)tree);
  reached("move_mount", syscall(SYS_move_mount, -1, "", -1, "", 4 /* empty path */));
}

static void mount_nested(void) {
  mkdir("mnt", 0755);  // before, as nobody in there has a uid that could own it
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0) {
    refused("unshare(NEWUSER, NEWNS)");
    return;
  }
  mount_anew();
}

void mount_things(void) {
  mount_anew();
  change_mounts();
  apart("mounts in a nested namespace", mount_nested);
  rmdir("mnt");
}

void leave_chroot(void) {
  int outside = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  mkdir("jail", 0755);
  bool jailed = chroot("jail") == 0;
  judge("chroot", jailed);
  if (jailed) judge("fchdir out of it", fchdir(outside) == 0 && access("usr", F_OK) == 0);
  if (jailed && chroot(".") < 0) refused("chroot back");
  close(outside);
  if (!jailed) rmdir("jail");
}
