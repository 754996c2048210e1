#define _GNU_SOURCE
#include "beside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

static void arrange_files(
    posix_spawn_file_actions_t *actions, const struct slipway_beside *beside) {
  posix_spawn_file_actions_adddup2(actions, beside->input, 0);
  posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(actions, 1, 2);
  if (beside->life >= 0) posix_spawn_file_actions_adddup2(actions, beside->life, 3);
  posix_spawn_file_actions_addclosefrom_np(actions, beside->life >= 0 ? 4 : 3);
  posix_spawn_file_actions_addchdir_np(actions, "/");
}

static void arrange_signals(posix_spawnattr_t *attributes, int held) {
  sigset_t blocked, all;
  sigemptyset(&blocked);
  if (held != 0) sigaddset(&blocked, held);
  sigfillset(&all);
  posix_spawnattr_setsigmask(attributes, &blocked);
  posix_spawnattr_setsigdefault(attributes, &all);
  posix_spawnattr_setflags(
      attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

pid_t slipway_start_beside(const struct slipway_beside *beside) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  arrange_files(&actions, beside);
  arrange_signals(&attributes, beside->held);
  pid_t child = -1;
  int code = posix_spawn(
      &child, beside->program, &actions, &attributes, beside->arguments, beside->environment);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  errno = code;
  return code == 0 ? child : -1;
}
