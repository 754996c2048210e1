/// What a request names, taken apart and decoded once, so that nobody decodes it again.
package struct Target: Hashable, Sendable {
    package let path: [String]
    package let query: [Field]

    /// The path with its query as it stands in the first line of a request; or a whole URL, which
    /// means the same.
    package init(parsing text: some StringProtocol) throws(RequestProblem) {
        let bytes = Array(text.utf8)
        guard let bad = bytes.first(where: { $0 <= 32 || $0 >= 127 || $0 == UInt8(ascii: "#") })
        else {
            let parts = Self.pathAndQuery(of: bytes).split(
                separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
            path = try Self.path(parts.first ?? [])
            query = try parts.count == 2 ? Self.query(parts[1]) : []
            return
        }
        let digits = String(bad, radix: 16, uppercase: true)
        throw Self.problem(
            "the target holds the byte 0x\(digits)",
            hint: "write it as %XX, two digits of its number")
    }

    private static func pathAndQuery(of bytes: [UInt8]) -> ArraySlice<UInt8> {
        let lower = String(decoding: bytes.prefix(8), as: UTF8.self).lowercased()
        guard let scheme = ["http://", "https://"].first(where: lower.hasPrefix) else {
            return bytes[...]
        }
        let rest = bytes.dropFirst(scheme.utf8.count)
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
        guard let end else { return [UInt8(ascii: "/")] }
        return rest[end] == UInt8(ascii: "/") ? rest[end...] : [UInt8(ascii: "/")] + rest[end...]
    }

    private static func path(_ bytes: ArraySlice<UInt8>) throws(RequestProblem) -> [String] {
        guard bytes.first == UInt8(ascii: "/") else {
            throw problem("the path does not begin with '/'", hint: "ask for '/', or below it")
        }
        guard bytes.count > 1 else { return [] }
        let parts = bytes.dropFirst().split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        var path: [String] = []
        for (index, part) in parts.enumerated() {
            let text = try decoded(part, of: "part \(index + 1) of the path")
            guard !text.isEmpty else {
                throw problem(
                    "part \(index + 1) of the path is empty", hint: "leave out the '/' too many")
            }
            guard text != ".", text != "..", !text.utf8.contains(UInt8(ascii: "/")) else {
                throw problem(
                    "part \(index + 1) of the path leads elsewhere",
                    hint: "use neither '.' nor '..' nor an encoded '/'")
            }
            path.append(text)
        }
        return path
    }

    private static func query(_ bytes: ArraySlice<UInt8>) throws(RequestProblem) -> [Field] {
        var fields: [Field] = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            // Forms, and those who write queries by hand, mean a space by a plus.
            let spaced = pair.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
            let halves = spaced.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decoded(halves.first ?? [], of: "a name in the query")
            let value = try decoded(
                halves.count == 2 ? halves[1] : [], of: "'\(name)' in the query")
            fields.append(Field(name, value))
        }
        return fields
    }

    private static func decoded(
        _ bytes: ArraySlice<UInt8>, of place: String
    ) throws(RequestProblem) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                decoded.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit),
                let low = rest.popFirst().flatMap(digit)
            else {
                throw problem("\(place) has a '%' without two digits", hint: "write '%25' for it")
            }
            decoded.append(high << 4 | low)
        }
        guard !decoded.contains(0), let text = String(validating: decoded, as: UTF8.self) else {
            throw problem("\(place) is no text in UTF-8", hint: "encode the bytes of its UTF-8")
        }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static func problem(_ detail: String, hint: String) -> RequestProblem {
        RequestProblem(400, detail, hint: hint)
    }
}
