#pragma once
#include <errno.h>
#include <seccomp.h>

// Swift sees neither macros that make casts nor variadic functions.
static inline uint32_t slipway_seccomp_allow(void) { return SCMP_ACT_ALLOW; }
static inline uint32_t slipway_seccomp_kill(void) { return SCMP_ACT_KILL_PROCESS; }
static inline uint32_t slipway_seccomp_refuse(uint16_t code) { return SCMP_ACT_ERRNO(code); }

static inline int slipway_seccomp_rule(
    scmp_filter_ctx filter, uint32_t action, int call, unsigned count,
    const struct scmp_arg_cmp *comparisons) {
  return seccomp_rule_add_array(filter, action, call, count, comparisons);
}
