#include <sqlite3.h>

// What the preprocessor makes of these is a cast, which Swift cannot import.
static inline sqlite3_destructor_type slipway_sqlite_transient(void) { return SQLITE_TRANSIENT; }
