/// The beginning of what an instance answers to its health check: whatever it likes.
struct HTTPAnswer: Hashable {
    /// More is not read: a status and where a redirect leads come early.
    static let longest = 16 << 10

    let status: Int
    let location: String?

    static func request(path: String, host: String) -> String {
        "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: slipway-health\r\n"
            + "Accept: */*\r\nConnection: close\r\n\r\n"
    }

    /// Whether there is nothing more to wait for.
    static func isWhole(_ bytes: [UInt8]) -> Bool {
        bytes.count >= longest || bytes.firstRange(of: Array("\r\n\r\n".utf8)) != nil
    }

    /// Nothing if this is no answer of HTTP.
    init?(_ bytes: [UInt8]) {
        // Lines end with two characters that Swift takes for one.
        let head = String(decoding: bytes, as: UTF8.self)
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines.first?.split(separator: " ", maxSplits: 2) ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].utf8.count == 3,
            let status = Int(words[1])
        else { return nil }
        self.status = status
        location =
            lines.dropFirst().prefix { !$0.isEmpty }.lazy.compactMap { line -> String? in
                guard let colon = line.firstIndex(of: ":"),
                    line[..<colon].lowercased() == "location"
                else { return nil }
                return Self.visible(line[line.index(after: colon)...])
            }.first
    }

    private static func visible(_ text: Substring) -> String {
        let shown = text.unicodeScalars.drop { $0 == " " }.prefix(200).map { scalar in
            (0x20..<0x7F).contains(scalar.value) ? Character(scalar) : "?"
        }
        return String(shown)
    }

    func finding(asked path: String, allowed: ClosedRange<Int>, by address: String) -> Finding {
        if allowed.contains(status) { return .well(by: address) }
        if (300..<400).contains(status), let location {
            return .ill(
                "GET \(path) redirects to '\(location)' with status \(status), "
                    + "which is not followed")
        }
        return .ill("GET \(path) is answered with status \(status)")
    }
}
