#include <curl/curl.h>

// Swift does not import variadic functions.
static inline CURLcode slipway_curl_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode slipway_curl_number(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode slipway_curl_headers(CURL *handle, struct curl_slist *headers) {
  return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

// The body of a request is copied; the caller need not keep it. One of no length is still one, or
// libcurl would read it from standard input.
static inline CURLcode slipway_curl_body(CURL *handle, const char *bytes, long count) {
  curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, count);
  return curl_easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, bytes ? bytes : "");
}

typedef size_t (*slipway_curl_receiver)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode slipway_curl_receive(
    CURL *handle, slipway_curl_receiver body, slipway_curl_receiver header, void *context) {
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, header);
  return curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
}

// What a receiver returns so that nothing more comes for now.
static inline size_t slipway_curl_pause(void) { return CURL_WRITEFUNC_PAUSE; }

// The function makes each socket, or none where an address is not to be spoken with.
static inline CURLcode slipway_curl_sockets(
    CURL *handle, curl_opensocket_callback open, void *context) {
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open);
  return curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context);
}

// The buffer is of CURL_ERROR_SIZE bytes, and lasts as long as the handle.
static inline CURLcode slipway_curl_words(CURL *handle, char *buffer) {
  return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

// The status of the answer, or 0 as long as none has come.
static inline long slipway_curl_status(CURL *handle) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

// A transfer that has ended, and how; null if none has.
static inline CURL *slipway_curl_ended(CURLM *multi, CURLcode *code) {
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    *code = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}
