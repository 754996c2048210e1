import CMicrohttpd

/// The library at work.
// Its functions can be called in any thread, which makes it Sendable.
@safe struct Daemon: @unchecked Sendable {
    private let pointer: OpaquePointer
    private let words: UnsafeMutablePointer<slipway_http_words>

    static func start(
        _ options: slipway_http_options, _ certificate: Certificate?, _ priorities: String
    ) throws(ServerProblem) -> Daemon {
        var options = unsafe options
        let words = UnsafeMutablePointer<slipway_http_words>.allocate(capacity: 1)
        unsafe words.initialize(to: slipway_http_words())
        var pointer: OpaquePointer?
        if let certificate {
            unsafe certificate.chain.withCString { chain in
                unsafe certificate.key.withCString { key in
                    unsafe priorities.withCString { priorities in
                        unsafe options.certificate = chain
                        unsafe options.key = key
                        unsafe options.priorities = priorities
                        unsafe pointer = slipway_http_start(&options, words)
                    }
                }
            }
        } else {
            unsafe pointer = slipway_http_start(&options, words)
        }
        guard let pointer = unsafe pointer else {
            defer { unsafe words.deallocate() }
            throw unsafe problem(with: certificate, words)
        }
        unsafe slipway_http_hush(words)
        return unsafe Daemon(pointer: pointer, words: words)
    }

    /// Once, when nothing is suspended and nothing will be. It closes the socket that it listened
    /// at.
    func stop() {
        unsafe MHD_stop_daemon(pointer)
        unsafe words.deallocate()
    }

    private static func problem(
        with certificate: Certificate?, _ words: UnsafeMutablePointer<slipway_http_words>
    ) -> ServerProblem {
        let said = unsafe withUnsafeBytes(of: &words.pointee.last) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 && $0 != 10 }, as: UTF8.self)
        }
        let because = said.isEmpty ? "" : ": \(said)"
        return certificate == nil
            ? ServerProblem(
                "cannot serve HTTP\(because)",
                hint: "look whether this machine has memory and open files left")
            : ServerProblem(
                "cannot serve HTTP by TLS with this certificate and key\(because)",
                hint: "give both as PEM, the server's own certificate first, and its own key")
    }
}
