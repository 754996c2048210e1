#include <microhttpd.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

// Where the words of the library go while it starts, for the error if it does not. What it says later
// is about single clients, who must not be able to fill a log.
typedef struct {
  int is_over;
  char last[256];
} slipway_http_words;

static inline void slipway_http_log(void *context, const char *format, va_list values) {
  slipway_http_words *words = context;
  if (__atomic_load_n(&words->is_over, __ATOMIC_ACQUIRE)) return;
  vsnprintf(words->last, sizeof words->last, format, values);
}

static inline void slipway_http_hush(slipway_http_words *words) {
  __atomic_store_n(&words->is_over, 1, __ATOMIC_RELEASE);
}

// Escapes are left as they are: the whole target is parsed elsewhere.
static inline size_t slipway_http_unescape(void *context, struct MHD_Connection *c, char *text) {
  (void)context;
  (void)c;
  return strlen(text);
}

typedef struct {
  unsigned int flags;
  unsigned int threads;
  unsigned int connections;
  unsigned int silent_seconds;
  size_t memory;
  int listening;
  const char *certificate;  // Both or none, PEM.
  const char *key;
  const char *priorities;
  void *context;
  MHD_AccessHandlerCallback handle;
  void *(*begin)(void *context, const char *target, struct MHD_Connection *connection);
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback connection;
} slipway_http_options;

// Swift does not import variadic functions.
static inline struct MHD_Daemon *slipway_http_start(
    const slipway_http_options *o, slipway_http_words *words) {
  struct MHD_OptionItem tls[] = {
      {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)o->certificate},
      {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)o->key},
      {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)o->priorities},
      {MHD_OPTION_END, 0, NULL},
  };
  if (!o->certificate) tls[0].option = MHD_OPTION_END;
  return MHD_start_daemon(
      o->flags, 0, NULL, NULL, o->handle, o->context,
      MHD_OPTION_EXTERNAL_LOGGER, slipway_http_log, (void *)words,
      MHD_OPTION_LISTEN_SOCKET, o->listening,
      MHD_OPTION_THREAD_POOL_SIZE, o->threads,
      MHD_OPTION_CONNECTION_LIMIT, o->connections,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, o->memory,
      MHD_OPTION_CONNECTION_TIMEOUT, o->silent_seconds,
      MHD_OPTION_STRICT_FOR_CLIENT, 0,  // What is strict has its own words elsewhere.
      MHD_OPTION_UNESCAPE_CALLBACK, slipway_http_unescape, NULL,
      MHD_OPTION_URI_LOG_CALLBACK, o->begin, o->context,
      MHD_OPTION_NOTIFY_COMPLETED, o->completed, o->context,
      MHD_OPTION_NOTIFY_CONNECTION, o->connection, o->context,
      MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

static inline int slipway_http_descriptor(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info ? info->connect_fd : -1;
}

static inline const struct sockaddr *slipway_http_peer(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return info ? info->client_addr : NULL;
}

// What was put there when the connection began.
static inline void *slipway_http_socket_context(struct MHD_Connection *connection) {
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info ? info->socket_context : NULL;
}

// The library would take the query apart too, into memory that every request has little of, and hang
// where that is full. Called with the target in the library's own buffer, of which there is a copy.
static inline void slipway_http_drop_query(const char *target) {
  char *query = strchr((char *)target, '?');
  if (query && query[1]) query[1] = '\0';
}

// Whether one blank and nothing else is between the target and the version: the library ends a target
// at a NUL, and others may not.
static inline int slipway_http_is_whole(const char *target, size_t length, const char *version) {
  return version == target + length + 1;
}

// Whether a header is one line as the standard has it: nothing but blanks between the colon and the
// value, CR and LF after it, no NUL in it. The library is milder, so that whoever stands in front of it
// could see other headers than it does. It even puts a second line behind the header's *name*, in a
// copy elsewhere. It writes zeros over the colon, CR and LF.
static inline int slipway_http_is_one_line(
    const char *name, size_t name_length, const char *value, size_t value_length) {
  uintptr_t end = (uintptr_t)name + name_length;
  if (!name || !value || (uintptr_t)value <= end || (uintptr_t)value - end > 1u << 16) return 0;
  for (const char *at = name + name_length + 1; at < value; at++)
    if (*at != ' ' && *at != '\t') return 0;
  return value[value_length] == '\0' && value[value_length + 1] == '\0';
}

// Macros with casts.
static inline ssize_t slipway_http_end_of_stream(void) { return MHD_CONTENT_READER_END_OF_STREAM; }
static inline ssize_t slipway_http_broken_stream(void) {
  return MHD_CONTENT_READER_END_WITH_ERROR;
}
static inline uint64_t slipway_http_unknown_size(void) { return MHD_SIZE_UNKNOWN; }
