#define _GNU_SOURCE
#include "namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Above every number that a child is given, below every limit on numbers.
enum { ASIDE = 100 };

// Tells the parent, over a pipe that exec closes.
static void fail(int report, int step) {
  struct slipway_failure failure = {step, errno};
  (void)!write(report, &failure, sizeof failure);
  _exit(127);
}

static void reset_signals(void) {
  struct sigaction standard;
  memset(&standard, 0, sizeof standard);
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

// Gives back where the report goes from now on.
static int arrange_descriptors(const struct slipway_launch *launch, int report) {
  // First out of the way, so that none is overwritten before it was moved.
  int aside[ASIDE];
  int count = launch->descriptor_count;
  if (count + 3 > ASIDE) {
    errno = EMFILE;
    fail(report, SLIPWAY_STEP_DESCRIPTORS);
  }
  int output = fcntl(launch->output, F_DUPFD, ASIDE);
  if (output < 0) fail(report, SLIPWAY_STEP_DESCRIPTORS);
  for (int i = 0; i < count; i++) {
    aside[i] = fcntl(launch->descriptors[i], F_DUPFD, ASIDE);
    if (aside[i] < 0) fail(report, SLIPWAY_STEP_DESCRIPTORS);
  }
  int far = fcntl(report, F_DUPFD_CLOEXEC, ASIDE);
  if (far < 0) fail(report, SLIPWAY_STEP_DESCRIPTORS);
  int nothing = open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
    fail(far, SLIPWAY_STEP_DESCRIPTORS);
  for (int i = 0; i < count; i++)
    if (dup2(aside[i], 3 + i) < 0) fail(far, SLIPWAY_STEP_DESCRIPTORS);
  if (syscall(SYS_close_range, 3 + count, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
    fail(far, SLIPWAY_STEP_DESCRIPTORS);
  return far;
}

static void become(const struct slipway_launch *launch, int report) {
  reset_signals();
  umask(022);
  // When the machine has no memory left, it takes the commands before it takes the house.
  int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score >= 0) {
    (void)!write(score, "1000", 4);
    close(score);
  }
  if (setsid() < 0) fail(report, SLIPWAY_STEP_SESSION);
  // Keys of whoever started the house are not the commands' to read. No kernel without keyrings
  // has keys that could be read.
  if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 && errno != ENOSYS)
    fail(report, SLIPWAY_STEP_KEYRING);
  for (int i = 0; i < launch->group_count; i++)
    if (write(launch->groups[i], "0", 1) != 1) fail(report, SLIPWAY_STEP_GROUP);
  for (int i = 0; i < launch->limit_count; i++) {
    static const int resources[] = {RLIMIT_CORE, RLIMIT_NOFILE, RLIMIT_FSIZE};
    int resource = resources[launch->limits[i].resource];
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) fail(report, SLIPWAY_STEP_LIMIT);
    // What is lower already stays so.
    if (limit.rlim_max > launch->limits[i].value) limit.rlim_max = launch->limits[i].value;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(resource, &limit) != 0) fail(report, SLIPWAY_STEP_LIMIT);
  }
  // Before the rights are gone that it takes. Who asks for a process by the number that it has in its
  // own namespace has to find it in /proc.
  if (launch->sees_own_processes &&
      (unshare(CLONE_NEWNS) != 0 || slipway_mount_processes("/proc") != 0))
    fail(report, SLIPWAY_STEP_PROCESSES);
  if (launch->network >= 0 && setns(launch->network, CLONE_NEWNET) != 0)
    fail(report, SLIPWAY_STEP_NAMESPACE);
  if (launch->user_namespace >= 0 && setns(launch->user_namespace, CLONE_NEWUSER) != 0)
    fail(report, SLIPWAY_STEP_NAMESPACE);
  if (launch->slot >= 0) {
    uid_t slot = (uid_t)launch->slot;
    if (setgroups(0, NULL) != 0 || setresgid(slot, slot, slot) != 0 ||
        setresuid(slot, slot, slot) != 0)
      fail(report, SLIPWAY_STEP_USER);
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail(report, SLIPWAY_STEP_USER);
  // A change of user forgets it, so it comes after; and a parent that is dead already sends nothing.
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) fail(report, SLIPWAY_STEP_PARENT);
  if (slipway_is_orphan(report)) _exit(127);
  if (chdir(launch->folder) != 0) fail(report, SLIPWAY_STEP_FOLDER);
}

pid_t slipway_launch_start(const struct slipway_launch *launch, struct slipway_failure *failure) {
  failure->step = SLIPWAY_STEP_NONE;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    *failure = (struct slipway_failure){SLIPWAY_STEP_FORK, errno};
    return -1;
  }
  // The first of a namespace takes all others with it, however it ends and whatever they wait for:
  // bubblewrap's child would wait for a bubblewrap that is killed at once.
  pid_t child = (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, NULL);
  if (child == 0) {
    close(ends[0]);
    become(launch, ends[1]);
    int report = arrange_descriptors(launch, ends[1]);
    execve(launch->program, launch->arguments, launch->environment);
    fail(report, SLIPWAY_STEP_EXEC);
  }
  int code = errno;
  close(ends[1]);
  if (child < 0) {
    *failure = (struct slipway_failure){SLIPWAY_STEP_FORK, code};
  } else {
    ssize_t count;
    do count = read(ends[0], failure, sizeof *failure);
    while (count < 0 && errno == EINTR);
    if (count == sizeof *failure) {
      waitpid(child, NULL, 0);
      child = -1;
    } else {
      failure->step = SLIPWAY_STEP_NONE;
    }
  }
  close(ends[0]);
  return child;
}

int slipway_process_descriptor(pid_t process) {
  return (int)syscall(SYS_pidfd_open, process, 0);
}

int slipway_signal(int process_descriptor, int number) {
  return (int)syscall(SYS_pidfd_send_signal, process_descriptor, number, NULL, 0);
}

int slipway_limit_processes(pid_t process, unsigned long most) {
  struct rlimit limit;
  if (prlimit(process, RLIMIT_NPROC, NULL, &limit) != 0) return -1;
  if (limit.rlim_max > most) limit.rlim_max = most;
  limit.rlim_cur = limit.rlim_max;
  return prlimit(process, RLIMIT_NPROC, &limit, NULL);
}

int slipway_hear_signal(int number) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, number);
  if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0) return -1;
  return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

int slipway_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  // A reader that is busy for a moment does not stop the writer. It is no matter if it is refused.
  (void)fcntl(ends[0], F_SETPIPE_SZ, 1 << 20);
  return 0;
}

int slipway_memory_file(const char *label) { return memfd_create(label, MFD_CLOEXEC); }
