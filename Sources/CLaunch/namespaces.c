#define _GNU_SOURCE
#include "namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

bool slipway_is_orphan(int report) {
  struct pollfd asked = {.fd = report};
  return poll(&asked, 1, 0) == 1 && (asked.revents & POLLERR);
}

int slipway_put(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t count = write(file, text, strlen(text));
  int code = errno;
  close(file);
  errno = code;
  return count == (ssize_t)strlen(text) ? 0 : -1;
}

pid_t slipway_hold(int namespaces) {
  int ready[2];
  if (pipe2(ready, O_CLOEXEC) != 0) return -1;
  pid_t child = fork();
  if (child == 0) {
    close(ready[0]);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    // It would keep what it has inherited open for ever.
    if (slipway_is_orphan(ready[1])) _exit(127);
    int code = unshare(namespaces) == 0 ? 0 : errno;
    (void)!write(ready[1], &code, sizeof code);
    for (;;) pause();
  }
  int code = errno;
  close(ready[1]);
  if (child > 0) {
    ssize_t count;
    do count = read(ready[0], &code, sizeof code);
    while (count < 0 && errno == EINTR);
    if (count != sizeof code) code = ECHILD;
    if (code != 0) {
      slipway_let_go(child);
      child = -1;
    }
  }
  close(ready[0]);
  errno = code;
  return child;
}

void slipway_let_go(pid_t holder) {
  int code = errno;
  kill(holder, SIGKILL);
  while (waitpid(holder, NULL, 0) < 0 && errno == EINTR) continue;
  errno = code;
}

int slipway_map_holder(pid_t holder, unsigned inside_user, unsigned inside_group, unsigned user,
                       unsigned group) {
  char process[16];
  snprintf(process, sizeof process, "%d", holder);
  return slipway_map(process, inside_user, inside_group, user, group);
}

int slipway_map(const char *process, unsigned inside_user, unsigned inside_group, unsigned user,
                unsigned group) {
  char path[64], line[64];
  snprintf(path, sizeof path, "/proc/%s/uid_map", process);
  snprintf(line, sizeof line, "%u %u 1", inside_user, user);
  if (slipway_put(path, line) != 0) return -1;
  snprintf(path, sizeof path, "/proc/%s/gid_map", process);
  snprintf(line, sizeof line, "%u %u 1", inside_group, group);
  return slipway_put(path, line);
}

int slipway_keep(pid_t holder, const char *name) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/ns/%s", holder, name);
  return open(path, O_RDONLY | O_CLOEXEC);
}
