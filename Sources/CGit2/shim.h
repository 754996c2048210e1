#include <git2.h>
#include <git2/sys/path.h>

// Swift cannot call what takes any number of arguments.
static inline int slipway_git_search_nowhere(int level) {
  return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
}
static inline int slipway_git_allow_extensions(const char **names, size_t count) {
  return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, count);
}

// What the preprocessor makes of these is a shifted one, or a list, which Swift cannot import.
enum {
  slipway_git_status_flags =
      GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS |
      GIT_STATUS_OPT_INCLUDE_UNMODIFIED | GIT_STATUS_OPT_EXCLUDE_SUBMODULES |
      GIT_STATUS_OPT_INCLUDE_UNREADABLE,
};
