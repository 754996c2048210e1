#define _GNU_SOURCE
#include "CLaunch.h"
#include "namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

// A number as a program is told it.
struct word {
  char text[16];
};

static struct word word(unsigned number) {
  struct word made;
  snprintf(made.text, sizeof made.text, "%u", number);
  return made;
}

// Lets the programs that may do so map the caller's own number and a range to themselves.
static int map_by(const char *program, pid_t process, unsigned own, struct slipway_span span) {
  struct word target = word((unsigned)process), same = word(own), first = word(span.first),
              count = word(span.count);
  pid_t child = fork();
  if (child == 0) {
    char *const arguments[] = {(char *)program, target.text, same.text,  same.text,  "1",
                               first.text,      first.text,  count.text, NULL};
    char *const environment[] = {NULL};
    execve(program, arguments, environment);
    _exit(127);
  }
  int status = 1;
  if (child < 0) return -1;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (status == 0) return 0;
  errno = EPERM;
  return -1;
}

static int map_own(pid_t process, const struct slipway_users *users) {
  if (map_by(users->map_users, process, users->user, users->users) != 0) return -1;
  return map_by(users->map_groups, process, users->group, users->groups);
}

// Number 0 is somebody, and the range follows.
static int map_lines(pid_t process, unsigned user, struct slipway_span users, unsigned group,
                     struct slipway_span groups) {
  char path[64], lines[96];
  snprintf(path, sizeof path, "/proc/%d/uid_map", process);
  snprintf(lines, sizeof lines, "0 %u 1\n1 %u %u\n", user, users.first, users.count);
  if (slipway_put(path, lines) != 0) return -1;
  snprintf(path, sizeof path, "/proc/%d/gid_map", process);
  snprintf(lines, sizeof lines, "0 %u 1\n1 %u %u\n", group, groups.first, groups.count);
  return slipway_put(path, lines);
}

static int map_outer(pid_t process, const struct slipway_users *users) {
  return map_lines(process, users->user, users->users, users->group, users->groups);
}

// All that there is, as it is; the kernel takes no line that spans two of the outer one.
static int map_all(pid_t process, const struct slipway_users *users) {
  struct slipway_span own_users = {1, users->users.count}, own_groups = {1, users->groups.count};
  return map_lines(process, 0, own_users, 0, own_groups);
}

// Moves into new namespaces whose users come from a child that stays outside, as only those outside
// may say who they are. -1 if there is no namespace, 1 if there is and nobody is in it.
static int move_mapped(int namespaces, int (*map)(pid_t, const struct slipway_users *),
                       const struct slipway_users *users) {
  int moved[2];
  if (pipe2(moved, O_CLOEXEC) != 0) return -1;
  pid_t own = getpid();
  pid_t mapper = fork();
  if (mapper == 0) {
    close(moved[1]);
    char byte;
    _exit(read(moved[0], &byte, 1) == 1 && map(own, users) == 0 ? 0 : 1);
  }
  close(moved[0]);
  int done = mapper < 0 ? -1 : unshare(namespaces);
  int code = errno;
  if (done == 0) (void)!write(moved[1], "", 1);
  close(moved[1]);
  int status = 1;
  while (mapper > 0 && waitpid(mapper, &status, 0) < 0 && errno == EINTR) continue;
  errno = code;
  if (done != 0) return -1;
  return status == 0 ? 0 : 1;
}

int slipway_own_mounts_with_users(const struct slipway_users *users) {
  int lacking = move_mapped(CLONE_NEWUSER | CLONE_NEWNS, map_own, users);
  if (lacking < 0) return -1;
  if (lacking != 0) {
    // One of the two may be there already.
    (void)slipway_put("/proc/self/setgroups", "deny");
    (void)slipway_map("self", users->user, users->group, users->user, users->group);
    if (geteuid() != users->user || getegid() != users->group) {
      errno = EPERM;
      return -1;
    }
  }
  return slipway_follow_host() == 0 ? lacking : -1;
}

// The end of a conversation between a holder of namespaces and who wants them.
static bool hear(int line) {
  char byte = 1;
  ssize_t count;
  do count = read(line, &byte, 1);
  while (count < 0 && errno == EINTR);
  if (count != 1) byte = ECHILD;
  errno = byte;
  return byte == 0;
}

static void say(int line, int code) {
  char byte = (char)code;
  (void)!write(line, &byte, 1);
}

static int become_owner(const struct slipway_users *users) {
  if (!users->is_slot) return 0;
  if (setgroups(0, NULL) != 0 || setresgid(users->group, users->group, users->group) != 0 ||
      setresuid(users->user, users->user, users->user) != 0)
    return -1;
  // A change of user forgets both.
  return prctl(PR_SET_DUMPABLE, 1) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ? -1 : 0;
}

// From here on nobody makes another, and all who are in it together are no more than that.
static int move_inside(const struct slipway_users *users, unsigned long most) {
  if (slipway_put("/proc/sys/user/max_user_namespaces", "1") != 0) return -1;
  struct rlimit limit;
  if (getrlimit(RLIMIT_NPROC, &limit) != 0) return -1;
  if (limit.rlim_max > most) limit.rlim_max = most;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NPROC, &limit) != 0) return -1;
  int lacking = move_mapped(CLONE_NEWUSER, map_all, users);
  if (lacking > 0) errno = EPERM;
  return lacking == 0 ? 0 : -1;
}

static void hold(const struct slipway_users *users, unsigned long most, int asked, int line) {
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (slipway_is_orphan(line)) _exit(127);
  say(line, become_owner(users) == 0 && unshare(CLONE_NEWUSER) == 0 ? 0 : errno);
  if (!hear(asked)) _exit(127);
  say(line, move_inside(users, most) == 0 ? 0 : errno);
  for (;;) pause();
}

int slipway_make_users(const struct slipway_users *users, unsigned long most,
                       struct slipway_user_namespaces *made) {
  *made = (struct slipway_user_namespaces){-1, -1};
  int said[2], asked[2];
  if (pipe2(said, O_CLOEXEC) != 0) return -1;
  if (pipe2(asked, O_CLOEXEC) != 0) {
    close(said[0]);
    close(said[1]);
    return -1;
  }
  pid_t holder = fork();
  if (holder == 0) {
    close(said[0]);
    close(asked[1]);
    hold(users, most, asked[0], said[1]);
  }
  int code = errno;
  close(said[1]);
  close(asked[0]);
  if (holder > 0) {
    if (hear(said[0]) && map_outer(holder, users) == 0 &&
        (made->outer = slipway_keep(holder, "user")) >= 0) {
      say(asked[1], 0);
      if (hear(said[0])) made->inner = slipway_keep(holder, "user");
    }
    code = errno;
    slipway_let_go(holder);
  }
  close(said[0]);
  close(asked[1]);
  if (made->inner < 0 && made->outer >= 0) close(made->outer);
  errno = code;
  return made->inner >= 0 ? 0 : -1;
}
