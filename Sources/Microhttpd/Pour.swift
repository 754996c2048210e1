import CMicrohttpd
import HTTP

/// A stream on its way to a client: asked by the library's thread whenever there is room.
final class Pour: Sendable {
    let stream: any ByteStream
    let exchange: Exchange

    init(_ stream: any ByteStream, _ exchange: Exchange) {
        self.stream = stream
        self.exchange = exchange
    }

    /// How many bytes were put there, or one of the library's words for the end.
    func next(_ space: UnsafeMutableRawBufferPointer) -> Int {
        while exchange.ask() {
            switch stream.next(atMost: space.count) {
            case .bytes(let bytes):
                // Too many or none are a mistake of the stream, and what it says cannot be trusted.
                guard 1...space.count ~= bytes.count else { return slipway_http_broken_stream() }
                unsafe space.copyBytes(from: bytes)
                exchange.give(bytes.count)
                return bytes.count
            case .end:
                exchange.give(0)
                return slipway_http_end_of_stream()
            case .later:
                switch exchange.rest() {
                case .suspend: return 0
                case .askAgain: continue
                case .breakOff: return slipway_http_broken_stream()
                }
            }
        }
        return slipway_http_broken_stream()
    }
}
