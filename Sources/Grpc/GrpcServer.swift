import CNghttp2
import HTTP

/// The server's end of one connection that speaks gRPC, for calls of one small message each. Its
/// owner, one thread, carries the bytes: what comes is given to `receive`, what is to be sent is
/// taken by `send`.
@safe package final class GrpcServer {
    package typealias Answering = (_ path: String, _ message: [UInt8]) -> GrpcAnswer

    private static let mostCalls: UInt32 = 100
    private static let contentType = "application/grpc"

    private let answering: Answering
    private var session: OpaquePointer?
    private var calls: [Int32: GrpcCall] = [:]
    private var isBroken = false

    package init(answering: @escaping Answering) throws(GrpcProblem) {
        self.answering = answering
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
            guard unsafe name.elementsEqual(":path".utf8) else { return 0 }
            let value = unsafe Array(UnsafeBufferPointer(start: value, count: valueLength))
            unsafe GrpcServer.of(context)?.calls[slipway_http2_stream(frame)]?.name(value)
            return 0
        }
    }

    private static var data: nghttp2_on_data_chunk_recv_callback {
        { _, _, stream, bytes, count, context in
            let bytes = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
            unsafe GrpcServer.of(context)?.calls[stream]?.receive(bytes)
            return 0
        }
    }

    private static var frame: nghttp2_on_frame_recv_callback {
        { _, frame, context in
            let kind = unsafe UInt32(slipway_http2_kind(frame))
            let isLast =
                unsafe UInt32(slipway_http2_flags(frame)) & NGHTTP2_FLAG_END_STREAM.rawValue
            guard kind == NGHTTP2_DATA.rawValue || kind == NGHTTP2_HEADERS.rawValue, isLast != 0
            else { return 0 }
            unsafe GrpcServer.of(context)?.answer(slipway_http2_stream(frame))
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
                let flags = unsafe flags, let piece = server.calls[stream]?.next(atMost: count)
            else { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }
            for (index, byte) in piece.enumerated() { unsafe space[index] = byte }
            if server.calls[stream]?.isAnswered == true {
                unsafe flags.pointee |=
                    NGHTTP2_DATA_FLAG_EOF.rawValue | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
                _ = unsafe slipway_http2_trailer(session, stream, "grpc-status", "0")
            }
            return piece.count
        }
    }
}
