#include <zlib.h>

// What the preprocessor makes of this is a call with two more arguments, which Swift cannot import.
// A window of 15 bits; without zlib's own head, because whoever calls writes that of gzip.
static inline int slipway_deflate_begin(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
}
