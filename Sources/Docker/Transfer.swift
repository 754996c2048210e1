import CCurl

/// A request under way. What has come of its answer is taken out of it bit by bit.
@safe package final class Transfer {
    /// An answer that nobody reads as it comes is not longer.
    private static let longestAnswer = 16 << 20

    package let operation: String
    let handle: UnsafeMutableRawPointer
    private let headers: UnsafeMutablePointer<curl_slist>?
    private var received: [UInt8] = []
    package private(set) var isDone = false
    /// Why it ended before the answer had.
    private(set) var problem: String?

    init(_ request: EngineRequest, socket: String) throws(DockerError) {
        operation = request.operation
        guard let handle = unsafe curl_easy_init() else {
            throw .system(operation: request.operation, problem: "libcurl cannot begin")
        }
        unsafe self.handle = handle
        // libcurl would ask first whether a long body is welcome, and wait for the answer.
        var list = unsafe curl_slist_append(nil, "Expect:")
        if request.body != nil {
            unsafe list = curl_slist_append(list, "Content-Type: application/json")
        }
        unsafe headers = list
        _ = unsafe slipway_curl_headers(handle, list)
        _ = unsafe slipway_curl_text(handle, CURLOPT_UNIX_SOCKET_PATH, socket)
        _ = unsafe slipway_curl_text(handle, CURLOPT_URL, "http://docker\(request.target)")
        _ = unsafe slipway_curl_text(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        _ = unsafe slipway_curl_number(handle, CURLOPT_CONNECTTIMEOUT, 10)
        _ = unsafe slipway_curl_number(handle, CURLOPT_NOSIGNAL, 1)
        _ = unsafe slipway_curl_text(handle, CURLOPT_NOPROXY, "*")
        if request.method == .post {
            let body = request.body ?? []
            _ = unsafe body.withUnsafeBytes { bytes in
                unsafe slipway_curl_body(
                    handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), body.count)
            }
        }
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        _ = unsafe slipway_curl_receive(
            handle,
            { bytes, size, count, context in
                guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
                let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context)
                    .takeUnretainedValue()
                let text = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
                return unsafe transfer.receive(text)
            }, context)
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(headers)
    }

    /// The status of the answer, as soon as it has begun.
    package var status: Int? {
        let status = unsafe slipway_curl_status(handle)
        return status > 0 ? status : nil
    }

    /// What has come since it was asked for last.
    package func take() -> [UInt8] {
        defer { received = [] }
        return received
    }

    func end(_ code: CURLcode) {
        isDone = true
        if code != CURLE_OK { problem = unsafe String(cString: curl_easy_strerror(code)) }
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard received.count + bytes.count <= Self.longestAnswer else { return 0 }
        unsafe received.append(contentsOf: bytes)
        return bytes.count
    }
}
