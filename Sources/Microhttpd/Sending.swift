import CMicrohttpd
import HTTP

/// Gives the library what is to be sent, in its own thread.
enum Sending {
    /// What is held of a stream for a client that knows no chunks, or one whose length is known.
    private static let block = 16 << 10
    /// The library says these by itself.
    private static let ownHeaders: Set<String> = [
        "connection", "content-length", "date", "transfer-encoding",
    ]

    static func send(
        _ response: Response, to exchange: Exchange, on connection: Connection
    ) -> MHD_Result {
        guard response.isSound else {
            if case .stream(let stream) = response.body { stream.end() }
            return send(RequestProblem.unsound.response, to: exchange, on: connection)
        }
        guard let made = unsafe make(response, exchange) else { return .NO }
        for field in response.headers.fields
        where !ownHeaders.contains(field.name.lowercased()) {
            unsafe MHD_add_response_header(made, field.name, field.value)
        }
        // Somebody in front of this server may see another end of chunks. What is behind them is
        // no request.
        if exchange.reception.doorkeeper.isClosing || exchange.isChunked {
            unsafe MHD_add_response_header(made, "Connection", "close")
        }
        let result = unsafe MHD_queue_response(
            connection.pointer, UInt32(response.status), made)
        unsafe MHD_destroy_response(made)
        return result
    }

    private static func make(
        _ response: Response, _ exchange: Exchange
    ) -> OpaquePointer? {
        let isHead = exchange.isHead
        switch response.body {
        case .bytes(let bytes):
            exchange.note(status: response.status, bytes: isHead ? 0 : bytes.count)
            return unsafe bytes.withUnsafeBytes { space in
                // The library does not change what it copies.
                let base = unsafe UnsafeMutableRawPointer(mutating: space.baseAddress)
                return unsafe MHD_create_response_from_buffer(
                    space.count, base, .RESPMEM_MUST_COPY)
            }
        case .stream(let stream):
            exchange.note(status: response.status, bytes: 0)
            let length = response.headers["Content-Length"].flatMap { UInt64($0) }
            let pour = Pour(stream, exchange)
            let context = unsafe Unmanaged.passRetained(pour).toOpaque()
            let made = unsafe MHD_create_response_from_callback(
                length ?? slipway_http_unknown_size(), block, read, context, free)
            guard unsafe made != nil else {
                unsafe free(context)
                return nil
            }
            guard !isHead, ![204, 304].contains(response.status) else { return unsafe made }
            exchange.reception.doorkeeper.watch(exchange.client)
            stream.begin { [weak exchange] in exchange?.wake() }
            return unsafe made
        }
    }

    private static let read: MHD_ContentReaderCallback = { context, _, space, count in
        guard let context = unsafe context, let space = unsafe space else {
            return slipway_http_broken_stream()
        }
        let pour = unsafe Unmanaged<Pour>.fromOpaque(context).takeUnretainedValue()
        return unsafe pour.next(UnsafeMutableRawBufferPointer(start: space, count: count))
    }

    /// The stream has ended, or its client has left.
    private static let free: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
        guard let context = unsafe context else { return }
        let pour = unsafe Unmanaged<Pour>.fromOpaque(context).takeRetainedValue()
        pour.exchange.reception.doorkeeper.forget(pour.exchange.client)
        pour.stream.end()
    }
}
