#pragma once
#include <sys/types.h>

// A program of the house's that stands beside it.
struct slipway_beside {
  const char *program;
  char *const *arguments;
  char *const *environment;
  // Becomes its standard input.
  int input;
  // Not negative: becomes 3.
  int life;
  // Not zero: a signal that waits until the program listens.
  int held;
};

// Starts it in a session of its own and in the root, so that the folder that somebody works in is not
// held for as long as it takes; with nowhere to print, no handled or blocked signals and nothing else
// of ours. Its process id, or -1 and errno.
pid_t slipway_start_beside(const struct slipway_beside *beside);
