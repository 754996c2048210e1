import CCurl
import HTTP

extension Call {
    func check() throws(CallProblem) {
        guard case .url(let url) = place else { return }
        let scheme = url.prefix { $0 != ":" }.lowercased()
        guard scheme == "https" || scheme == "http" else {
            throw CallProblem(.malformed, "the address begins with neither 'https:' nor 'http:'")
        }
    }

    /// As they are sent. A line break would begin a header that nobody has written.
    func headerLines() throws(CallProblem) -> [String] {
        // libcurl would ask first whether a long body is welcome, and wait for the answer; and it
        // would call a body a form.
        var lines = ["Expect:"]
        if headers["Content-Type"] == nil { lines.append("Content-Type:") }
        for field in headers.fields {
            let isClean = !(field.name + field.value).utf8.contains { $0 < 32 || $0 == 127 }
            guard isClean, !field.name.isEmpty, !field.name.contains(":") else {
                throw CallProblem(
                    .malformed, "the header '\(visible(field.name))' cannot be sent as it is")
            }
            // The one way in which libcurl sends a header without a value.
            lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        return lines
    }

    func configure(_ transfer: Transfer) {
        let handle = unsafe transfer.handle
        _ = unsafe slipway_curl_words(handle, transfer.words)
        switch place {
        case .url(let url): _ = unsafe slipway_curl_text(handle, CURLOPT_URL, url)
        case .socket(let path, let target):
            _ = unsafe slipway_curl_text(handle, CURLOPT_UNIX_SOCKET_PATH, path)
            _ = unsafe slipway_curl_text(handle, CURLOPT_URL, "http://localhost\(target)")
        }
        for (option, text) in texts { _ = unsafe slipway_curl_text(handle, option, text) }
        for (option, number) in numbers { _ = unsafe slipway_curl_number(handle, option, number) }
        guard body != nil || [.post, .put, .patch].contains(method) else { return }
        switch body ?? .bytes([]) {
        case .bytes(let body):
            _ = unsafe body.withUnsafeBytes { bytes in
                unsafe slipway_curl_body(
                    handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), body.count)
            }
        case .part(let part): transfer.send(part)
        }
    }

    private var texts: [(CURLoption, String?)] {
        var texts: [(CURLoption, String?)] = [
            (CURLOPT_CUSTOMREQUEST, method.rawValue), (CURLOPT_PROTOCOLS_STR, "http,https"),
        ]
        if proxy == .none { texts.append((CURLOPT_NOPROXY, "*")) }
        if case .authorities(let file) = trust {
            texts.append((CURLOPT_CAINFO, file))
            texts.append((CURLOPT_CAPATH, nil))
        }
        return texts
    }

    private var numbers: [(CURLoption, Int)] {
        var numbers = [
            (CURLOPT_CONNECTTIMEOUT, connectSeconds), (CURLOPT_NOSIGNAL, 1),
            (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
        ]
        // The answer to this has a length, and nothing that is so long.
        if method == .head { numbers.append((CURLOPT_NOBODY, 1)) }
        if let seconds { numbers.append((CURLOPT_TIMEOUT, seconds)) }
        if let silentSeconds {
            numbers.append((CURLOPT_LOW_SPEED_LIMIT, 1))
            numbers.append((CURLOPT_LOW_SPEED_TIME, silentSeconds))
        }
        return numbers
    }

    private func visible(_ text: String) -> String {
        String(text.unicodeScalars.prefix(40).map { $0.value < 32 ? "?" : Character($0) })
    }
}
