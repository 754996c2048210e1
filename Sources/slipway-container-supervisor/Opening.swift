import Docker

/// What a container prints before its commands take over, as far as a person reads it.
struct Opening {
    private static let longest = 500

    private let transfer: EngineTransfer
    private var frames = StreamFrames()
    private var printed: [UInt8] = []

    init(_ transfer: EngineTransfer) { self.transfer = transfer }

    mutating func take() {
        let text = frames.text(of: transfer.take())
        printed += text.prefix(Self.longest - printed.count)
    }

    /// The container is gone: what is still on the way is waited for.
    mutating func finish(_ engine: DockerEngine) {
        if !transfer.isDone { engine.wait([], milliseconds: 1_000) }
        engine.abandon(transfer)
        take()
    }

    var text: String {
        let text = String(decoding: printed, as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).joined(separator: "; ")
    }
}
