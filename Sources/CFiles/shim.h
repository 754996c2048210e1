#include <stddef.h>
#include <sys/types.h>
#include <linux/fs.h>

// glibc declares these only to programs that ask for GNU's extensions, and Swift does not.
extern int syncfs(int descriptor);
extern ssize_t copy_file_range(
    int source, off_t *source_place, int target, off_t *target_place, size_t count,
    unsigned int flags);

// What the preprocessor makes of this is a computation, which Swift cannot import.
static inline unsigned long slipway_clone_request(void) { return FICLONE; }
