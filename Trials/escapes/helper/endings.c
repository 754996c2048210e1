// E47–E49: processes that do not want to end. The harness sees whether they did. Each ends by
// itself after a while, so that none is left where nothing stops it.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "escapes.h"

enum { HOLDING = 8, LINGERING = 60 };  // seconds

static void ignore_requests(void) {
  signal(SIGHUP, SIG_IGN);
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  alarm(LINGERING);
}

void outlive(void) {
  signal(SIGHUP, SIG_IGN);  // The terminal hangs up when the first process ends.
  if (fork() != 0) {
    opened("double fork and setsid");
    return;
  }
  setsid();
  if (fork() != 0) _exit(0);
  ignore_requests();
  for (int number = 0; number < 256; number++) close(number);
  while (true) pause();
}

void hold_output(void) {
  signal(SIGHUP, SIG_IGN);
  if (fork() != 0) {
    opened("a grandchild holds the output");
    return;
  }
  setsid();
  alarm(HOLDING);
  while (true) pause();
}

void ignore_the_end(void) {
  ignore_requests();
  signal(SIGCHLD, SIG_IGN);
  if (fork() == 0) {
    while (true) pause();
  }
  if (fork() == 0) {
    raise(SIGSTOP);
    while (true) pause();
  }
  if (fork() == 0) {
    while (true) {
      pid_t child = vfork();
      if (child == 0) _exit(0);
      usleep(200);
    }
  }
  puts("{\"id\":\"E49\",\"result\":\"ready\",\"detail\":\"three that ignore SIGTERM\"}");
  fflush(stdout);
  while (true) pause();
}
