#include "CLaunch.h"
#include "beside.h"

#include <stddef.h>

pid_t slipway_start_program(const char *program, char *const *arguments, int input) {
  char *const environment[] = {NULL};
  struct slipway_beside beside = {program, arguments, environment, .input = input, .life = -1};
  return slipway_start_beside(&beside);
}
