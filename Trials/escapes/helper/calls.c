// E42–E44: calls that go round a filter, or carry secrets between runs.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/userfaultfd.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "escapes.h"

static void judge_descriptor(const char *way, long descriptor) {
  judge(way, descriptor >= 0);
  if (descriptor >= 0) close((int)descriptor);
}

void set_up_ring(void) {
  struct io_uring_params parameters = {0};
  judge_descriptor("io_uring_setup", syscall(SYS_io_uring_setup, 2, &parameters));
}

static void use_bpf(void) {
  union bpf_attr map = {0};
  map.map_type = BPF_MAP_TYPE_ARRAY;
  map.key_size = map.value_size = 4;
  map.max_entries = 1;
  judge_descriptor("bpf(map)", syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map));
}

static void use_perf(void) {
  struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE, .size = sizeof event};
  event.config = PERF_COUNT_SW_TASK_CLOCK;
  event.exclude_kernel = event.exclude_hv = 1;
  judge_descriptor("perf_event_open", syscall(SYS_perf_event_open, &event, 0, -1, -1, 0));
}

static void use_faults(void) {
  judge_descriptor("userfaultfd", syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY));
}

static void use_personality(void) {
  judge("personality(ADDR_NO_RANDOMIZE)", personality(ADDR_NO_RANDOMIZE) != -1);
}

#ifdef __x86_64__
static void use_x32(void) {
  judge("x32 getpid", syscall(0x40000000L | SYS_getpid) > 0);
}

static void use_int80(void) {
  long result = 20;  // getpid in the numbers of 32 bits
  __asm__ volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
  if (result < 0) errno = (int)-result;
  judge("int 0x80 getpid", result > 0);
}
#endif

void use_odd_calls(void) {
  apart("bpf", use_bpf);
  apart("perf_event_open", use_perf);
  apart("userfaultfd", use_faults);
  apart("personality", use_personality);
#ifdef __x86_64__
  apart("x32", use_x32);
  apart("int 0x80", use_int80);
#endif
}

static void read_key(void) {
  long key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", given.key, 0);
  if (key < 0) {
    refused("keyctl(search the session)");
    return;
  }
  char secret[64];
  judge("keyctl(read the agent's key)",
        syscall(SYS_keyctl, KEYCTL_READ, key, secret, sizeof secret) > 0);
}

static void leave_key(void) {
  static const struct {
    const char *way;
    int ring;
  } rings[] = {{"add_key(user's ring)", KEY_SPEC_USER_KEYRING},
               {"add_key(user's session)", KEY_SPEC_USER_SESSION_KEYRING}};
  for (size_t i = 0; i < 2; i++) {
    long key = syscall(SYS_add_key, "user", marked("left"), "x", 1, rings[i].ring);
    judge(rings[i].way, key >= 0);
    if (key >= 0) syscall(SYS_keyctl, KEYCTL_UNLINK, key, rings[i].ring);
  }
}

static void request_key(void) {
  judge("request_key", syscall(SYS_request_key, "user", given.key, NULL, 0) >= 0);
}

void use_keys(void) {
  apart("reading a key", read_key);
  apart("leaving a key", leave_key);
  apart("request_key", request_key);
}
