import CNghttp2
import HTTP

/// The server's end of one connection that speaks gRPC, for calls of one small message each and for
/// talks. Its owner, one thread, carries the bytes: what comes is given to `receive`, what is to be
/// sent is taken by `send`.
@safe package final class GrpcServer {
    package typealias Answering = (_ path: String, _ message: [UInt8]) -> GrpcAnswer
    package typealias Talking = (_ path: String, _ fields: [GrpcField]) -> (any GrpcTalk)?

    private static let mostCalls: UInt32 = 100
    private static let contentType = "application/grpc"

    private let answering: Answering
    private let talking: Talking
    private var session: OpaquePointer?
    private var calls: [Int32: GrpcCall] = [:]
    private var isBroken = false

    /// `talking` says which calls are talks.
    package init(
        talking: @escaping Talking = { _, _ in nil }, answering: @escaping Answering
    ) throws(GrpcProblem) {
        self.answering = answering
        self.talking = talking
        var callbacks: OpaquePointer?
        guard unsafe nghttp2_session_callbacks_new(&callbacks) == 0 else { throw .noMemory }
        defer { unsafe nghttp2_session_callbacks_del(callbacks) }
        unsafe nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, Self.begin)
        unsafe nghttp2_session_callbacks_set_on_header_callback(callbacks, Self.header)
        unsafe nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Self.data)
        unsafe nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Self.frame)
        unsafe nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Self.close)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        guard unsafe nghttp2_session_server_new(&session, callbacks, context) == 0,
            unsafe slipway_http2_begin(session, Self.mostCalls) == 0
        else { throw .noMemory }
    }

    deinit { unsafe nghttp2_session_del(session) }

    /// Nothing more will come of it.
    package var isOver: Bool {
        unsafe isBroken
            || nghttp2_session_want_read(session) == 0 && nghttp2_session_want_write(session) == 0
    }

    package func receive(_ bytes: [UInt8]) throws(GrpcProblem) {
        let taken = unsafe nghttp2_session_mem_recv(session, bytes, bytes.count)
        guard taken == bytes.count else { throw broken(taken) }
    }

    /// What is to be sent now.
    package func send() throws(GrpcProblem) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            var piece: UnsafePointer<UInt8>?
            let count = unsafe nghttp2_session_mem_send(session, &piece)
            guard count >= 0 else { throw broken(count) }
            guard count > 0, let piece = unsafe piece else { return bytes }
            unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: piece, count: count))
        }
    }

    private func broken(_ code: Int) -> GrpcProblem {
        isBroken = true
        return .broken(unsafe String(cString: nghttp2_strerror(Int32(clamping: code))))
    }

    private func answer(_ stream: Int32) {
        guard let call = calls[stream] else { return }
        var answer = call.message()
        if case .message(let message) = answer { answer = answering(call.path, message) }
        switch answer {
        case .message(let message):
            calls[stream]?.answer(with: message)
            _ = unsafe slipway_http2_answer(session, stream, Self.contentType, Self.body)
        case .refused(let status, let words):
            _ = unsafe slipway_http2_refusal(
                session, stream, Self.contentType, "grpc-status", "\(status.rawValue)",
                "grpc-message", words.percentEncoded)
        }
    }
}

/// Talks.
extension GrpcServer {
    /// Begins one, if that call is one.
    private func talk(_ stream: Int32) -> Bool {
        guard let call = calls[stream], let talk = talking(call.path, call.fields) else {
            return false
        }
        calls[stream]?.talk = talk
        _ = unsafe slipway_http2_answer(session, stream, Self.contentType, Self.body)
        return true
    }

    private func hear(_ stream: Int32) {
        guard let talk = calls[stream]?.talk else { return }
        guard let messages = calls[stream]?.messages() else {
            _ = unsafe nghttp2_submit_rst_stream(
                session, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream,
                NGHTTP2_PROTOCOL_ERROR.rawValue)
            return
        }
        for message in messages { talk.hear(message) }
        if !messages.isEmpty { _ = unsafe nghttp2_session_resume_data(session, stream) }
    }

    /// Has there be something to send, as long as there is; how it ends, once it does.
    private func say(_ talk: any GrpcTalk, on stream: Int32) -> GrpcSaying? {
        guard calls[stream]?.isAnswered == true else { return nil }
        let saying = talk.say()
        guard case .message(let message) = saying else { return saying }
        calls[stream]?.answer(with: message)
        return nil
    }
}

/// What the library calls while it receives and sends, in the thread that has it do so.
extension GrpcServer {
    private static func of(_ context: UnsafeMutableRawPointer?) -> GrpcServer? {
        unsafe context.map { unsafe Unmanaged<GrpcServer>.fromOpaque($0).takeUnretainedValue() }
    }

    private static var begin: nghttp2_on_begin_headers_callback {
        { _, frame, context in
            let stream = unsafe slipway_http2_stream(frame)
            guard let server = unsafe GrpcServer.of(context) else { return 0 }
            server.calls[stream] = server.calls[stream] ?? GrpcCall()
            return 0
        }
    }

    private static var header: nghttp2_on_header_callback {
        { _, frame, name, nameLength, value, valueLength, _, context in
            let name = unsafe UnsafeBufferPointer(start: name, count: nameLength)
            let value = unsafe Array(UnsafeBufferPointer(start: value, count: valueLength))
            let stream = unsafe slipway_http2_stream(frame)
            if unsafe name.elementsEqual(":path".utf8) {
                unsafe GrpcServer.of(context)?.calls[stream]?.name(value)
            } else {
                let field = unsafe GrpcField(
                    name: String(decoding: name, as: UTF8.self),
                    value: String(decoding: value, as: UTF8.self))
                unsafe GrpcServer.of(context)?.calls[stream]?.add(field)
            }
            return 0
        }
    }

    private static var data: nghttp2_on_data_chunk_recv_callback {
        { _, _, stream, bytes, count, context in
            let bytes = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
            guard let server = unsafe GrpcServer.of(context) else { return 0 }
            server.calls[stream]?.receive(bytes)
            server.hear(stream)
            return 0
        }
    }

    private static var frame: nghttp2_on_frame_recv_callback {
        { _, frame, context in
            let kind = unsafe UInt32(slipway_http2_kind(frame))
            let isLast =
                unsafe UInt32(slipway_http2_flags(frame)) & NGHTTP2_FLAG_END_STREAM.rawValue
            let stream = unsafe slipway_http2_stream(frame)
            guard kind == NGHTTP2_DATA.rawValue || kind == NGHTTP2_HEADERS.rawValue,
                let server = unsafe GrpcServer.of(context),
                let call = server.calls[stream], call.talk == nil,
                kind != NGHTTP2_HEADERS.rawValue || !server.talk(stream), isLast != 0
            else { return 0 }
            server.answer(stream)
            return 0
        }
    }

    private static var close: nghttp2_on_stream_close_callback {
        { _, stream, _, context in
            unsafe GrpcServer.of(context)?.calls[stream] = nil
            return 0
        }
    }

    /// Gives the next of an answer, and behind it that all was well.
    private static var body: nghttp2_data_source_read_callback {
        { session, stream, space, count, flags, _, context in
            guard let server = unsafe GrpcServer.of(context), let space = unsafe space,
                let flags = unsafe flags, let call = server.calls[stream]
            else { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }
            var end: GrpcSaying?
            var filled = 0
            repeat {
                if let talk = call.talk { end = server.say(talk, on: stream) }
                let piece = server.calls[stream]?.next(atMost: count - filled) ?? []
                unsafe UnsafeMutableRawBufferPointer(start: space + filled, count: piece.count)
                    .copyBytes(from: piece)
                filled += piece.count
            } while call.talk != nil && end == nil && filled < count
            if end == .nothing { return filled > 0 ? filled : Int(NGHTTP2_ERR_DEFERRED.rawValue) }
            guard end != nil || call.talk == nil && server.calls[stream]?.isAnswered == true else {
                return filled
            }
            unsafe flags.pointee |=
                NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
            if case .refused(let status, let words) = end {
                _ = unsafe slipway_http2_refused_after(
                    session, stream, "grpc-status", "\(status.rawValue)",
                    "grpc-message", words.percentEncoded)
            } else {
                _ = unsafe slipway_http2_trailer(session, stream, "grpc-status", "0")
            }
            return filled
        }
    }
}
