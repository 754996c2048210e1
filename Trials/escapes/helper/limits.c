// E20, E50–E54, E72: limits. A bomb goes as far as shows that nothing stops it, which is little
// for a machine and more than the limits the harness asks of ours: 100 processes, 256 MiB of
// memory, 32 MiB of disk.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "escapes.h"

enum { PROCESSES = 300, FILES = 20000, MIB = 1 << 20, MEMORY = 384, DISK = 96 };

static bool write_same(const char *path) {
  char text[64];
  int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return false;
  ssize_t length = read(file, text, sizeof text);
  bool done = length > 0 && pwrite(file, text, (size_t)length, 0) == length;
  close(file);
  return done;
}

static void move_out(void) {
  char path[4096], number[16];
  snprintf(path, sizeof path, "%s/../cgroup.procs", given.control);
  snprintf(number, sizeof number, "%d", getpid());
  int file = open(path, O_WRONLY | O_CLOEXEC);
  judge("moving out", file >= 0 && write(file, number, strlen(number)) > 0);
  if (file >= 0) close(file);
}

void leave_control_group(void) {
  if (given.control) {
    char path[4096];
    snprintf(path, sizeof path, "%s/pids.max", given.control);
    judge("raising pids.max", write_same(path));
    apart("moving out", move_out);
  }
  // Wherever the groups may be seen in there, none may be written.
  glob_t found = {0};
  if (glob("/sys/fs/cgroup/*/cgroup.procs", 0, NULL, &found) != 0) {
    errno = ENOENT;
    refused("/sys/fs/cgroup");
  }
  for (size_t i = 0; i < found.gl_pathc; i++) {
    judge(found.gl_pathv[i], access(found.gl_pathv[i], W_OK) == 0);
  }
  globfree(&found);
}

void bomb_processes(void) {
  static pid_t children[PROCESSES];
  int made = 0;
  for (; made < PROCESSES; made++) {
    pid_t child = fork();
    if (child < 0) break;
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      alarm(30);
      while (true) pause();
    }
    children[made] = child;
  }
  char way[60];
  snprintf(way, sizeof way, "process %d", made + (made < PROCESSES));
  judge(way, made == PROCESSES);
  for (int i = 0; i < made; i++) kill(children[i], SIGKILL);
  while (wait(NULL) > 0) {}
}

static void touch_memory(void) {
  char *bytes = mmap(NULL, (size_t)MEMORY * MIB, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  judge("384 MiB of memory", bytes != MAP_FAILED && memset(bytes, 1, (size_t)MEMORY * MIB));
}

static bool fill(int file, int mebibytes) {
  static char block[MIB];
  memset(block, 1, sizeof block);
  for (int i = 0; i < mebibytes; i++) {
    if (write(file, block, sizeof block) != sizeof block) return false;
  }
  return true;
}

static void fill_anonymous_file(void) {
  int file = memfd_create("bomb", MFD_CLOEXEC);
  judge("384 MiB in a memfd", file >= 0 && fill(file, MEMORY));
}

static void fill_shared_memory(void) {
  char path[200];
  snprintf(path, sizeof path, "/dev/shm/%s", marked("bomb"));
  int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) unlink(path);  // at once, so that it goes with this process
  judge("384 MiB in /dev/shm", file >= 0 && fill(file, MEMORY));
}

// One page read in every 2 MiB costs no page but a page of the table each.
static void fill_page_tables(void) {
  const size_t step = 2 * MIB, size = (size_t)MEMORY * (MIB / 4096) * step;
  char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (bytes == MAP_FAILED) {
    refused("384 MiB of page tables");
    return;
  }
  madvise(bytes, size, MADV_NOHUGEPAGE);
  volatile char sum = 0;
  for (size_t at = 0; at < size; at += step) sum += bytes[at];
  opened("384 MiB of page tables");
}

void bomb_memory(void) {
  apart("384 MiB of memory", touch_memory);
  apart("384 MiB in a memfd", fill_anonymous_file);
  apart("384 MiB in /dev/shm", fill_shared_memory);
  apart("384 MiB of page tables", fill_page_tables);
}

void fill_disk(void) {
  signal(SIGXFSZ, SIG_IGN);
  mkdir("fill", 0755);
  char path[64];
  bool filled = true;
  for (int i = 0; filled && i < 8; i++) {  // several, as one has a limit of its own
    snprintf(path, sizeof path, "fill/%d", i);
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    filled = file >= 0 && fill(file, DISK / 8);
    if (file >= 0) close(file);
  }
  if (filled) sleep(2);  // for those who look only now and then
  judge("96 MiB in the workspace", filled);
  int made = 0;
  for (; made < FILES; made++) {
    snprintf(path, sizeof path, "fill/inode-%d", made);
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) break;
    close(file);
  }
  judge("20,000 files", made == FILES);
  for (int i = 0; i < made; i++) {
    snprintf(path, sizeof path, "fill/inode-%d", i);
    unlink(path);
  }
  for (int i = 0; i < 8; i++) {
    snprintf(path, sizeof path, "fill/%d", i);
    unlink(path);
  }
  rmdir("fill");
}

// The harness has somebody of the agent's uid look whether it can still have its own.
void exhaust_user(void) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  int instances = 0, pipes = 0, ends[2];
  while (instances < 8192 && inotify_init1(IN_CLOEXEC) >= 0) instances++;
  while (pipes < 1200 && pipe2(ends, O_CLOEXEC) == 0) pipes++;
  char way[80];
  snprintf(way, sizeof way, "%d inotify instances, %d pipes", instances, pipes);
  opened(way);
  usleep(1500000);
}

static void dump(void) {
  struct rlimit core = {RLIM_INFINITY, RLIM_INFINITY};
  if (setrlimit(RLIMIT_CORE, &core) < 0) {
    getrlimit(RLIMIT_CORE, &core);
    core.rlim_cur = core.rlim_max;
    setrlimit(RLIMIT_CORE, &core);
  }
  volatile char secret[] = "a secret in memory";
  (void)secret;
  abort();
}

void dump_core(void) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) dump();
  int status = 0;
  waitpid(child, &status, 0);
  errno = EPERM;
  judge("core dumped", WIFSIGNALED(status) && WCOREDUMP(status));
  glob_t found = {0};
  if (glob("core*", 0, NULL, &found) == 0) {
    for (size_t i = 0; i < found.gl_pathc; i++) unlink(found.gl_pathv[i]);
  }
  globfree(&found);
}

void gain_priority(void) {
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  judge("oom_score_adj", file >= 0 && write(file, "-1000", 5) == 5);
  if (file >= 0) close(file);
  judge("nice -20", setpriority(PRIO_PROCESS, 0, -20) == 0);
  struct sched_param first = {.sched_priority = 1};
  judge("SCHED_FIFO", sched_setscheduler(0, SCHED_FIFO, &first) == 0);
  void *bytes = mmap(NULL, 64 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  judge("mlock of 64 MiB", bytes != MAP_FAILED && mlock(bytes, 64 * MIB) == 0);
}
