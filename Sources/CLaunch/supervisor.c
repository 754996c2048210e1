#define _GNU_SOURCE
#include "CLaunch.h"
#include "beside.h"

#include <signal.h>
#include <stddef.h>

pid_t slipway_start_supervisor(
    const char *program, const char *owner, const char *slot, int input, int life) {
  char *const arguments[] = {(char *)"slipway-supervisor", (char *)owner, (char *)slot, NULL};
  char *const environment[] = {NULL};
  struct slipway_beside supervisor = {
      program, arguments, environment, .input = input, .life = life,
      // By which it is asked to stop.
      .held = SIGUSR1};
  return slipway_start_beside(&supervisor);
}
