#define _GNU_SOURCE
#include "CLaunch.h"
#include "beside.h"

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

pid_t slipway_start_courier(const char *program, int *line) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
  char *const arguments[] = {(char *)"slipway-courier", NULL};
  // libgit2 wants to know where a home would be, before it finds nothing there.
  char *const environment[] = {(char *)"HOME=/nonexistent", NULL};
  struct slipway_beside courier = {program, arguments, environment, .input = ends[1], .life = -1};
  pid_t child = slipway_start_beside(&courier);
  int code = errno;
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    errno = code;
    return -1;
  }
  *line = ends[0];
  return child;
}
