/// A commit or an image's digest, as short as people read it.
package enum ShortVersion {
    private static let algorithm = "sha256:"

    package static func of(_ version: String, digits: Int = 12) -> String {
        guard version.hasPrefix(algorithm) else { return String(version.prefix(digits)) }
        return String(version.prefix(algorithm.count + digits))
    }
}
