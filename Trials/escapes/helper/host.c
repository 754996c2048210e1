// What the harness runs outside of the sandbox, with the uid of the agent.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "escapes.h"

static char secret[] = "the agent's secret";

// A process to be signalled, traced and read; it ends when its standard input does.
int be_host(bool in_own_namespaces) {
  signal(SIGUSR1, SIG_IGN);
  if (in_own_namespaces && unshare(CLONE_NEWUSER | CLONE_NEWUTS) < 0) {
    perror("escapes: no user namespace to live in");
    return 3;
  }
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);  // which a new user namespace takes away
  printf("%d %p\n", getpid(), (void *)secret);
  fflush(stdout);
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) {}
  return 0;
}

// Says, once each, what somebody else of this uid has left too little of.
int watch_user(void) {
  bool no_instance = false, small_pipe = false;
  puts("ready");
  fflush(stdout);
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  while (poll(&input, 1, 20) == 0) {
    int instance = inotify_init1(IN_CLOEXEC), ends[2] = {-1, -1};
    if (instance < 0 && !no_instance) puts("no inotify instance is left");
    no_instance = no_instance || instance < 0;
    if (instance >= 0) close(instance);
    bool made = pipe2(ends, O_CLOEXEC) == 0;
    if (!made || fcntl(ends[0], F_GETPIPE_SZ) < 65536) {
      if (!small_pipe) puts("pipes have become small");
      small_pipe = true;
    }
    if (made) {
      close(ends[0]);
      close(ends[1]);
    }
    fflush(stdout);
  }
  return 0;
}
