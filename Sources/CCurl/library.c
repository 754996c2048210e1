#define CURL_DISABLE_TYPECHECK
#include "CCurl.h"
#include <dlfcn.h>

// All that is used of it.
#define EACH(X)                                                                                    \
  X(global_init) X(easy_init) X(easy_cleanup) X(easy_pause) X(easy_strerror) X(easy_setopt)        \
  X(easy_getinfo) X(multi_init) X(multi_cleanup) X(multi_add_handle) X(multi_remove_handle)        \
  X(multi_perform) X(multi_poll) X(multi_info_read) X(slist_append) X(slist_free_all)

// Of the types that libcurl's own header says they have.
#define PLACE(name) __typeof__(&(curl_##name)) name;
static struct { EACH(PLACE) } library;

#define FIND(name)                                                                                 \
  if (!(library.name = (__typeof__(library.name))dlsym(found, "curl_" #name))) return dlerror();

const char *slipway_curl_begin(void) {
  void *found = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (!found) return dlerror();
  EACH(FIND)
  CURLcode code = library.global_init(CURL_GLOBAL_DEFAULT);
  return code == CURLE_OK ? NULL : library.easy_strerror(code);
}

CURL *slipway_curl_easy_init(void) { return library.easy_init(); }

void slipway_curl_easy_cleanup(CURL *handle) { library.easy_cleanup(handle); }

CURLcode slipway_curl_easy_pause(CURL *handle, int what) {
  return library.easy_pause(handle, what);
}

const char *slipway_curl_easy_strerror(CURLcode code) { return library.easy_strerror(code); }

CURLM *slipway_curl_multi_init(void) { return library.multi_init(); }

void slipway_curl_multi_cleanup(CURLM *multi) { library.multi_cleanup(multi); }

CURLMcode slipway_curl_multi_add_handle(CURLM *multi, CURL *handle) {
  return library.multi_add_handle(multi, handle);
}

void slipway_curl_multi_remove_handle(CURLM *multi, CURL *handle) {
  library.multi_remove_handle(multi, handle);
}

void slipway_curl_multi_perform(CURLM *multi, int *running) {
  library.multi_perform(multi, running);
}

void slipway_curl_multi_poll(
    CURLM *multi, struct curl_waitfd *extra, unsigned count, int milliseconds) {
  library.multi_poll(multi, extra, count, milliseconds, NULL);
}

struct curl_slist *slipway_curl_slist_append(struct curl_slist *list, const char *text) {
  return library.slist_append(list, text);
}

void slipway_curl_slist_free_all(struct curl_slist *list) { library.slist_free_all(list); }

CURLcode slipway_curl_text(CURL *handle, CURLoption option, const char *value) {
  return library.easy_setopt(handle, option, value);
}

CURLcode slipway_curl_number(CURL *handle, CURLoption option, long value) {
  return library.easy_setopt(handle, option, value);
}

CURLcode slipway_curl_headers(CURL *handle, struct curl_slist *headers) {
  return library.easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

CURLcode slipway_curl_body(CURL *handle, const char *bytes, long count) {
  library.easy_setopt(handle, CURLOPT_POSTFIELDSIZE, count);
  return library.easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, bytes ? bytes : "");
}

CURLcode slipway_curl_upload(
    CURL *handle, long long count, curl_read_callback read, curl_seek_callback seek,
    void *context) {
  library.easy_setopt(handle, CURLOPT_UPLOAD, 1L);
  library.easy_setopt(handle, CURLOPT_INFILESIZE_LARGE, (curl_off_t)count);
  library.easy_setopt(handle, CURLOPT_UPLOAD_BUFFERSIZE, 256L << 10);
  library.easy_setopt(handle, CURLOPT_SEEKFUNCTION, seek);
  library.easy_setopt(handle, CURLOPT_SEEKDATA, context);
  library.easy_setopt(handle, CURLOPT_READFUNCTION, read);
  return library.easy_setopt(handle, CURLOPT_READDATA, context);
}

CURLcode slipway_curl_receive(
    CURL *handle, slipway_curl_receiver body, slipway_curl_receiver header, void *context) {
  library.easy_setopt(handle, CURLOPT_WRITEFUNCTION, body);
  library.easy_setopt(handle, CURLOPT_WRITEDATA, context);
  library.easy_setopt(handle, CURLOPT_HEADERFUNCTION, header);
  return library.easy_setopt(handle, CURLOPT_HEADERDATA, context);
}

CURLcode slipway_curl_sockets(CURL *handle, curl_opensocket_callback open, void *context) {
  library.easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open);
  return library.easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context);
}

CURLcode slipway_curl_words(CURL *handle, char *buffer) {
  return library.easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

long slipway_curl_status(CURL *handle) {
  long status = 0;
  library.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

CURL *slipway_curl_ended(CURLM *multi, CURLcode *code) {
  int left = 0;
  CURLMsg *message;
  while ((message = library.multi_info_read(multi, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    *code = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}
