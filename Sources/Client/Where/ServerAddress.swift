/// Where a server is: `https://ci.example.org`, perhaps with a folder that its paths begin with.
package struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    package static let longest = 2_048

    package let isSecure: Bool
    /// In small letters; an address of IPv6 in its brackets.
    package let host: String
    package let port: Int
    /// `/ci`, without a slash at its end; empty for none.
    package let folder: String

    package init(parsing text: String) throws(ClientError) {
        let rest: Substring
        if text.hasPrefix("https://") {
            (isSecure, rest) = (true, text.dropFirst(8))
        } else if text.hasPrefix("http://") {
            (isSecure, rest) = (false, text.dropFirst(7))
        } else {
            throw Self.wrong("it does not begin with 'https://' or 'http://'")
        }
        guard text.utf8.count <= Self.longest else { throw Self.wrong("it is too long") }
        let place = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !place.contains("@") else {
            throw Self.wrong("it holds a name or a password; tokens are given apart")
        }
        let folder = rest.dropFirst(place.count)
        guard folder.utf8.allSatisfy(Self.isOfFolder), !folder.split(separator: "/").contains("..")
        else { throw Self.wrong("what follows the host is no plain folder") }
        self.folder = folder.split(separator: "/").map { "/\($0)" }.joined()
        (host, port) = try Self.parts(of: place, usual: isSecure ? 443 : 80)
    }

    package var description: String {
        let usual = isSecure ? 443 : 80
        let place = port == usual ? host : "\(host):\(port)"
        return "\(isSecure ? "https" : "http")://\(place)\(folder)"
    }

    /// What is sent there does not leave this machine.
    package var isLoopback: Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127"
            && numbers.allSatisfy { UInt8($0) != nil && $0.allSatisfy(\.isNumber) }
    }

    private static func parts(
        of place: Substring, usual: Int
    ) throws(ClientError) -> (String, Int) {
        var host = place
        var port: Substring?
        let end = place.hasPrefix("[") ? place.firstIndex(of: "]") : place.startIndex
        guard let end else { throw wrong("its host has no ']'") }
        if let colon = place[end...].firstIndex(of: ":") {
            (host, port) = (place[..<colon], place[place.index(after: colon)...])
        }
        let name =
            host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host
        let isNumeric = name.count < host.count
        guard !name.isEmpty, name.utf8.allSatisfy({ isOfHost($0, isNumeric: isNumeric) }) else {
            throw wrong("it has no host, or one with letters that no host has")
        }
        guard let port else { return (host.lowercased(), usual) }
        guard port.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let number = Int(port),
            1...65_535 ~= number
        else { throw wrong("its port is no number from 1 to 65535") }
        return (host.lowercased(), number)
    }

    private static func isOfHost(_ byte: UInt8, isNumeric: Bool) -> Bool {
        if isNumeric { return UInt8(ascii: ":") == byte || isLetterOrDigit(byte) || byte == 0x2E }
        return isLetterOrDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    private static func isOfFolder(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "/._-~".utf8.contains(byte)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte
    }

    private static func wrong(_ why: String) -> ClientError {
        // What is wrong may hold a password, so it is not shown.
        ClientError(
            .usage, "this is no server's address: \(why)",
            hint: "write it as 'https://ci.example.org'")
    }
}
