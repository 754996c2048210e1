// E21–E24, E27, E28: files that must not be gained by, left behind, read or reached.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "escapes.h"

void gain_by_setuid(void) {
  errno = EPERM;
  judge("rights by exec (no_new_privs)", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0);
  if (!given.setuid) return;
  pid_t child = fork();
  if (child == 0) {
    execl(given.setuid, given.setuid, "euid", NULL);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  errno = WEXITSTATUS(status) == 127 ? ENOENT : EPERM;
  judge("a setuid program became root", WIFEXITED(status) && WEXITSTATUS(status) == 42);
}

// The harness looks at what is left of it, and whose it is.
void leave_setuid_file(void) {
  const char *name = marked("setuid");
  int file = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
  if (file < 0) {
    refused("creating a file");
    return;
  }
  if (write(file, "#!/bin/sh\n", 10) != 10) refused("writing it");
  struct stat status;
  bool set = fchmod(file, 06755) == 0 && fstat(file, &status) == 0 && (status.st_mode & S_ISUID);
  judge("chmod 6755", set);
  close(file);
}

void set_capability(void) {
  const char *name = marked("capable");
  int file = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);
  if (file >= 0) close(file);
  // struct vfs_cap_data, version 2, effective: all that a process can be permitted.
  static const unsigned version2[5] = {0x02000001, 0xffffffff, 0, 0x1ff, 0};
  static const unsigned version3[6] = {0x03000001, 0xffffffff, 0, 0x1ff, 0, 0};
  judge("security.capability", setxattr(name, "security.capability", version2, 20, 0) == 0);
  judge("security.capability of root",
        setxattr(name, "security.capability", version3, 24, 0) == 0);
  unlink(name);
}

void read_secrets(void) {
  open_file(given.marker, O_RDONLY);
  open_file("/etc/shadow", O_RDONLY);
  static const char *const files[] = {".ssh/id_ed25519", ".aws/credentials",
                                      ".config/slipway/token"};
  for (size_t i = 0; given.home && i < sizeof files / sizeof *files; i++) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", given.home, files[i]);
    open_file(path, O_RDONLY);
  }
}

// The links `evil` and `direct` were planted in the workspace before the sandbox was made: what
// the house makes below `evil` must not appear at the other end. The harness looks there.
void plant_symlink(void) {
  static const char *const paths[] = {"evil/made", "direct/made"};
  for (size_t i = 0; i < 2; i++) judge(paths[i], mkdir(paths[i], 0755) == 0);
}

static void try_link(const char *target) {
  const char *name = marked("hardlink");
  bool made = link(target, name) == 0;
  judge(target, made);
  if (made) unlink(name);
  int file = open(target, O_PATH | O_CLOEXEC);
  if (file < 0) return;
  char path[40];
  snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  made = linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0;
  judge("the same through a descriptor", made);
  if (made) unlink(name);
  close(file);
}

void link_outside(void) {
  try_link(given.marker);
  try_link("/usr/bin/env");
}
