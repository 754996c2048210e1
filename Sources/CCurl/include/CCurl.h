// libcurl, loaded when something is first asked. Thirty libraries come with it, and what is linked to
// it pays for them at each start; most commands, and a server that tells nobody, never ask anything.
#pragma once
#include <curl/curl.h>

// Loads libcurl and makes it ready; null, or why that cannot be. Every other function here is for
// those who have called this, once, and were given null.
const char *slipway_curl_begin(void);

// Those of libcurl, by their own names.
CURL *slipway_curl_easy_init(void);
void slipway_curl_easy_cleanup(CURL *handle);
CURLcode slipway_curl_easy_pause(CURL *handle, int what);
const char *slipway_curl_easy_strerror(CURLcode code);
CURLM *slipway_curl_multi_init(void);
void slipway_curl_multi_cleanup(CURLM *multi);
CURLMcode slipway_curl_multi_add_handle(CURLM *multi, CURL *handle);
void slipway_curl_multi_remove_handle(CURLM *multi, CURL *handle);
void slipway_curl_multi_perform(CURLM *multi, int *running);
void slipway_curl_multi_poll(
    CURLM *multi, struct curl_waitfd *extra, unsigned count, int milliseconds);
struct curl_slist *slipway_curl_slist_append(struct curl_slist *list, const char *text);
void slipway_curl_slist_free_all(struct curl_slist *list);

// Swift does not import variadic functions.
CURLcode slipway_curl_text(CURL *handle, CURLoption option, const char *value);
CURLcode slipway_curl_number(CURL *handle, CURLoption option, long value);
CURLcode slipway_curl_headers(CURL *handle, struct curl_slist *headers);

// The body of a request is copied; the caller need not keep it. One of no length is still one, or
// libcurl would read it from standard input.
CURLcode slipway_curl_body(CURL *handle, const char *bytes, long count);

// A body that is read while it is sent. `seek` goes back in it, for a connection that was closed
// before anything was taken.
CURLcode slipway_curl_upload(
    CURL *handle, long long count, curl_read_callback read, curl_seek_callback seek,
    void *context);

// What a reader returns when there is nothing to be read where there should be.
static inline size_t slipway_curl_abort(void) { return CURL_READFUNC_ABORT; }

typedef size_t (*slipway_curl_receiver)(char *bytes, size_t size, size_t count, void *context);

CURLcode slipway_curl_receive(
    CURL *handle, slipway_curl_receiver body, slipway_curl_receiver header, void *context);

// What a receiver returns so that nothing more comes for now.
static inline size_t slipway_curl_pause(void) { return CURL_WRITEFUNC_PAUSE; }

// The function makes each socket, or none where an address is not to be spoken with.
CURLcode slipway_curl_sockets(CURL *handle, curl_opensocket_callback open, void *context);

// The buffer is of CURL_ERROR_SIZE bytes, and lasts as long as the handle.
CURLcode slipway_curl_words(CURL *handle, char *buffer);

// The status of the answer, or 0 as long as none has come.
long slipway_curl_status(CURL *handle);

// A transfer that has ended, and how; null if none has.
CURL *slipway_curl_ended(CURLM *multi, CURLcode *code);
