// E01–E06: other processes, and what a process leaves open for those it starts.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "escapes.h"

void signal_host(void) {
  bool hit = kill(given.host_pid, SIGUSR1) == 0;
  judge("kill(host, SIGUSR1)", hit);
  int pidfd = (int)syscall(SYS_pidfd_open, given.host_pid, 0);
  if (pidfd < 0) {
    refused("pidfd_open(host)");
  } else {
    judge("pidfd_send_signal(host)",
          syscall(SYS_pidfd_send_signal, pidfd, SIGUSR1, NULL, 0) == 0);
    close(pidfd);
  }
  // Signal 0 reaches everybody it may reach and disturbs nobody. A sandbox's own processes are
  // fair game, so that it reaches somebody counts only if the one outside was among them.
  if (kill(-1, 0) < 0) {
    refused("kill(-1, 0)");
  } else if (hit) {
    opened("kill(-1, 0)");
  }
}

void trace_host(void) {
  if (ptrace(PTRACE_SEIZE, given.host_pid, NULL, NULL) == 0) {
    opened("PTRACE_SEIZE");
    // What is seized has to stand still to be let go; the tracer's end lets go of it anyhow.
    return;
  }
  refused("PTRACE_SEIZE");
  if (ptrace(PTRACE_ATTACH, given.host_pid, NULL, NULL) == 0) {
    opened("PTRACE_ATTACH");
    waitpid(given.host_pid, NULL, __WALL);
    ptrace(PTRACE_DETACH, given.host_pid, NULL, NULL);
    return;
  }
  refused("PTRACE_ATTACH");
}

void peer_into_host(void) {
  char bytes[8];
  struct iovec own = {bytes, sizeof bytes};
  struct iovec theirs = {(void *)given.address, sizeof bytes};
  judge("process_vm_readv", process_vm_readv(given.host_pid, &own, 1, &theirs, 1, 0) > 0);
  int pidfd = (int)syscall(SYS_pidfd_open, given.host_pid, 0);
  if (pidfd < 0) {
    refused("pidfd_open");
    return;
  }
  int stolen = (int)syscall(SYS_pidfd_getfd, pidfd, 0, 0);
  judge("pidfd_getfd", stolen >= 0);
  if (stolen >= 0) close(stolen);
  close(pidfd);
}

void read_host_proc(void) {
  static const struct {
    const char *name;
    int flags;
  } files[] = {{"environ", O_RDONLY}, {"mem", O_RDWR}, {"root/etc", O_RDONLY | O_DIRECTORY},
               {"cwd", O_RDONLY | O_DIRECTORY}, {"fd/0", O_RDONLY}, {"maps", O_RDONLY}};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", given.host_pid, files[i].name);
    open_file(path, files[i].flags);
  }
}

// A running program cannot be opened for writing, but the one who may write it only has to wait
// for its end; so what counts is whether anything but that stands in the way.
static void try_program(pid_t process) {
  char path[64], way[128];
  snprintf(path, sizeof path, "/proc/%d/exe", process);
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file >= 0) {
    opened(path);
    close(file);
  } else if (errno == ETXTBSY && access(path, W_OK) == 0) {
    snprintf(way, sizeof way, "%s (ETXTBSY now, writable once it has ended)", path);
    opened(way);
  } else {
    refused(path);
  }
}

void overwrite_launcher(void) {
  try_program(given.init_pid);
  if (given.host_pid != given.init_pid) try_program(given.host_pid);
}

void use_descriptors(void) {
  DIR *folder = opendir("/proc/self/fd");
  if (!folder) {
    skipped("/proc/self/fd", "not there, trying the numbers");
  }
  for (int number = 3; number < 256; number++) {
    if ((folder && number == dirfd(folder)) || fcntl(number, F_GETFD) < 0) continue;
    char way[96], path[64], target[64] = "?";
    snprintf(path, sizeof path, "/proc/self/fd/%d", number);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length > 0) target[length] = 0;
    snprintf(way, sizeof way, "descriptor %d is %.40s", number, target);
    opened(way);
    if (fchdir(number) == 0 && access("secret", R_OK) == 0) opened("fchdir to the secret");
  }
  if (folder) closedir(folder);
  char here[4096];
  if (!getcwd(here, sizeof here) || here[0] != '/') opened("the working folder lies outside");
  errno = EBADF;
  refused("descriptors above 2");
}
