#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "escapes.h"

// Shared with the processes of an attempt, so that one which is killed takes nothing with it.
typedef struct {
  int opened, refused, skipped;
  char open_ways[1200], other_ways[1200];
} outcome;

static outcome *all;

static void append(char *text, size_t size, const char *format, ...) {
  size_t length = strlen(text);
  if (length > 0 && length + 2 < size) {
    strcat(text, "; ");
    length += 2;
  }
  va_list values;
  va_start(values, format);
  vsnprintf(text + length, size - length, format, values);
  va_end(values);
}

static const char *error_name(int code) {
  const char *name = strerrorname_np(code);
  return name ? name : "an unknown error";
}

void opened(const char *way) {
  all->opened++;
  append(all->open_ways, sizeof all->open_ways, "%s", way);
}

void refused(const char *way) {
  int code = errno;
  all->refused++;
  append(all->other_ways, sizeof all->other_ways, "%s from %s", error_name(code), way);
}

void skipped(const char *way, const char *why) {
  all->skipped++;
  append(all->other_ways, sizeof all->other_ways, "%s: %s", way, why);
}

void judge(const char *way, bool worked) {
  if (worked) {
    opened(way);
  } else {
    refused(way);
  }
}

void reached(const char *way, long result) {
  bool no = result < 0 && (errno == EPERM || errno == EACCES || errno == ENOSYS || errno == EROFS);
  if (no) {
    refused(way);
  } else {
    char text[200];
    snprintf(text, sizeof text, "%s (%s)", way, result < 0 ? error_name(errno) : "done");
    opened(text);
  }
}

void apart(const char *way, void (*attempt)(void)) {
  fflush(stdout);
  pid_t child = fork();
  if (child < 0) {
    refused(way);
    return;
  }
  if (child == 0) {
    attempt();
    _exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (WIFSIGNALED(status)) {
    all->refused++;
    append(all->other_ways, sizeof all->other_ways, "SIG%s from %s",
           sigabbrev_np(WTERMSIG(status)), way);
  }
}

void open_file(const char *path, int flags) {
  int file = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  judge(path, file >= 0);
  if (file >= 0) close(file);
}

const char *marked(const char *prefix) {
  static char name[120];
  snprintf(name, sizeof name, "%s-%s", prefix, given.token);
  return name;
}

double wall_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void print_quoted(const char *text) {
  putchar('"');
  for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
    if (*c == '"' || *c == '\\') {
      printf("\\%c", *c);
    } else if (*c < ' ') {
      printf("\\u%04x", *c);
    } else {
      putchar(*c);
    }
  }
  putchar('"');
}

int report(const char *id, void (*attempt)(void)) {
  all = mmap(NULL, sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) {
    perror("escapes: cannot share memory with the attempt");
    return 3;
  }
  double from = wall_clock();
  if (attempt) {
    apart("the attempt", attempt);
  } else {
    skipped("no call", "the house shows this row, see Trials/escapes/rows");
  }
  const char *result = all->opened ? "open" : all->refused ? "contained" : "error";
  char detail[sizeof all->open_ways + sizeof all->other_ways + 4];
  snprintf(detail, sizeof detail, "%s%s%s", all->open_ways,
           *all->open_ways && *all->other_ways ? " | " : "", all->other_ways);
  printf("{\"id\":\"%s\",\"result\":\"%s\",\"detail\":", id, result);
  print_quoted(*detail ? detail : "nothing could be tried");
  printf(",\"from\":%.3f,\"to\":%.3f}\n", from, wall_clock());
  fflush(stdout);
  return 0;
}
