#include <nghttp2/nghttp2.h>
#include <string.h>

// A header's fields are pointers with lengths, which the library copies while it is called.
static inline nghttp2_nv slipway_http2_field(const char *name, const char *value) {
  nghttp2_nv field = {(uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value), 0};
  return field;
}

// The head of an answer, whose body the function gives.
static inline int slipway_http2_answer(
    nghttp2_session *session, int32_t stream, const char *type,
    nghttp2_data_source_read_callback read) {
  nghttp2_nv head[] = {
      slipway_http2_field(":status", "200"), slipway_http2_field("content-type", type)};
  nghttp2_data_provider body = {{0}, read};
  return nghttp2_submit_response(session, stream, head, 2, &body);
}

// What stands behind the body.
static inline int slipway_http2_trailer(
    nghttp2_session *session, int32_t stream, const char *name, const char *value) {
  nghttp2_nv trailer = slipway_http2_field(name, value);
  return nghttp2_submit_trailer(session, stream, &trailer, 1);
}

// What stands behind a body that could not be ended.
static inline int slipway_http2_refused_after(
    nghttp2_session *session, int32_t stream, const char *code_name, const char *code,
    const char *words_name, const char *words) {
  nghttp2_nv trailers[] = {
      slipway_http2_field(code_name, code), slipway_http2_field(words_name, words)};
  return nghttp2_submit_trailer(session, stream, trailers, 2);
}

// An answer that is its head alone.
static inline int slipway_http2_refusal(
    nghttp2_session *session, int32_t stream, const char *type, const char *code_name,
    const char *code, const char *words_name, const char *words) {
  nghttp2_nv head[] = {
      slipway_http2_field(":status", "200"), slipway_http2_field("content-type", type),
      slipway_http2_field(code_name, code), slipway_http2_field(words_name, words)};
  return nghttp2_submit_response(session, stream, head, 4, NULL);
}

// At most so many requests at once.
static inline int slipway_http2_begin(nghttp2_session *session, uint32_t most) {
  nghttp2_settings_entry most_streams = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, most};
  return nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, &most_streams, 1);
}

// A frame's kind, without the union that it is.
static inline uint8_t slipway_http2_kind(const nghttp2_frame *frame) { return frame->hd.type; }
static inline uint8_t slipway_http2_flags(const nghttp2_frame *frame) { return frame->hd.flags; }
static inline int32_t slipway_http2_stream(const nghttp2_frame *frame) {
  return frame->hd.stream_id;
}
