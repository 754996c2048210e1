// E14–E19, E55, E71: devices, the kernel's own files and calls, clocks.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "escapes.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

static dev_t first_disk(void) {
  unsigned major = 7, minor = 0;  // a loop device, where no disk is told of
  char line[128];
  FILE *list = fopen("/proc/partitions", "re");
  while (list && fgets(line, sizeof line, list)) {
    if (sscanf(line, " %u %u ", &major, &minor) == 2) break;
  }
  if (list) fclose(list);
  return makedev(major, minor);
}

void make_device(void) {
  const char *name = marked("disk");
  bool made = mknod(name, S_IFBLK | 0600, first_disk()) == 0;
  judge("mknod(block)", made);
  if (!made) return;
  char sector[512];
  int disk = open(name, O_RDONLY | O_CLOEXEC);
  judge("reading the disk", disk >= 0 && read(disk, sector, sizeof sector) > 0);
  if (disk >= 0) close(disk);
  unlink(name);
}

void find_devices(void) {
  static const char *const paths[] = {
      "/dev/mem", "/dev/kmsg", "/dev/kvm", "/dev/fuse", "/dev/loop-control", "/dev/loop0",
      "/dev/vsock", "/dev/vhost-net", "/dev/vhost-vsock", "/dev/vda", "/dev/sda", "/dev/net/tun"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    judge(paths[i], access(paths[i], F_OK) == 0);
  }
}

void call_as_root(void) {
  reached("init_module", syscall(SYS_init_module, NULL, 0, ""));
  reached("kexec_load", syscall(SYS_kexec_load, 0, 1UL << 20, NULL, 0xdeadUL));
  reached("reboot", syscall(SYS_reboot, 0, 0, 0, NULL));  // with no magic number: EINVAL
  reached("swapon", swapon(marked("/nowhere"), 0));
  reached("sethostname", syscall(SYS_sethostname, "x", 4096));
  struct timex tick = {.modes = ADJ_TICK, .tick = 0};  // no clock ticks like that
  reached("adjtimex", adjtimex(&tick));
}

void write_core_pattern(void) {
  const char *path = "/proc/sys/kernel/core_pattern";
  char same[256];
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = file < 0 ? -1 : read(file, same, sizeof same);
  if (file >= 0) close(file);
  if (length <= 0) {
    refused("reading core_pattern");
    return;
  }
  file = open(path, O_WRONLY | O_CLOEXEC);
  judge("core_pattern", file >= 0 && write(file, same, (size_t)length) == length);
  if (file >= 0) close(file);
}

void write_kernel_files(void) {
  static const char *const paths[] = {
      "/proc/sysrq-trigger", "/proc/sys/vm/drop_caches", "/proc/sys/kernel/modprobe",
      "/proc/irq/default_smp_affinity", "/sys/kernel/uevent_helper", "/sys/power/state",
      "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/kernel/debug"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    struct stat status;
    bool folder = stat(paths[i], &status) == 0 && S_ISDIR(status.st_mode);
    if (folder) {
      judge(paths[i], access(paths[i], W_OK) == 0);
    } else {
      open_file(paths[i], O_WRONLY);
    }
  }
}

static void mount_control_groups(void) {
  mkdir("groups", 0755);
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP) < 0) {
    refused("unshare(NEWUSER, NEWNS, NEWCGROUP)");
    return;
  }
  judge("mount(cgroup) in a user namespace",
        mount("none", "groups", "cgroup", 0, "pids") == 0);
  judge("mount(cgroup2) in a user namespace", mount("none", "groups", "cgroup2", 0, NULL) == 0);
}

void use_release_agent(void) {
  glob_t found = {0};
  if (glob("/sys/fs/cgroup/*/release_agent", 0, NULL, &found) != 0) {
    errno = ENOENT;
    refused("release_agent");
  }
  for (size_t i = 0; i < found.gl_pathc; i++) open_file(found.gl_pathv[i], O_WRONLY);
  globfree(&found);
  apart("control groups in a user namespace", mount_control_groups);
  rmdir("groups");
}

static bool has_address(const char *path) {
  char line[256];
  FILE *symbols = fopen(path, "re");
  if (!symbols) return false;
  bool seen = false;
  while (!seen && fgets(line, sizeof line, symbols)) seen = strtoull(line, NULL, 16) != 0;
  fclose(symbols);
  if (!seen) errno = ENODATA;
  return seen;
}

static bool has_line(const char *path) {
  char bytes[16];
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  ssize_t length = read(file, bytes, sizeof bytes);
  close(file);
  if (length == 0) errno = ENODATA;
  return length > 0;
}

void read_kernel_secrets(void) {
  judge("addresses in /proc/kallsyms", has_address("/proc/kallsyms"));
  open_file("/proc/kcore", O_RDONLY);
  open_file("/dev/kmsg", O_RDONLY);
  judge("klogctl(size of buffer)", klogctl(10, NULL, 0) >= 0);
  static const char *const paths[] = {"/proc/keys", "/proc/sched_debug",
                                      "/sys/kernel/debug/sched/debug", "/proc/timer_list",
                                      "/proc/slabinfo", "/proc/vmallocinfo"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) judge(paths[i], has_line(paths[i]));
}

static void own_time(void) {
  judge("unshare(NEWTIME)", unshare(CLONE_NEWTIME) == 0);
}

static void own_time_nested(void) {
  judge("unshare(NEWUSER, NEWTIME)", unshare(CLONE_NEWUSER | CLONE_NEWTIME) == 0);
}

void set_clock(void) {
  struct timex tick = {.modes = ADJ_TICK, .tick = 0};
  reached("adjtimex", adjtimex(&tick));
  struct timex offset = {.modes = ADJ_TICK, .tick = 0};
  reached("clock_adjtime", syscall(SYS_clock_adjtime, CLOCK_REALTIME, &offset));
  struct timespec never = {.tv_sec = -1, .tv_nsec = -1};
  // The kernel looks at the value before it looks at rights: EINVAL is no proof of either.
  if (syscall(SYS_clock_settime, CLOCK_REALTIME, &never) < 0) refused("clock_settime");
  apart("unshare(NEWTIME)", own_time);
  apart("unshare(NEWUSER, NEWTIME)", own_time_nested);
}
