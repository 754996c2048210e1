package import Attempts
import SmallFiles

package enum Input {
    package static func read(_ path: String) throws(FieldError) -> [UInt8] {
        do {
            return try SmallFile.bytes(of: path, limit: Fields.maximumLength)
        } catch {
            throw FieldError("cannot read '\(path)': \(error)")
        }
    }

    /// Up to the end, or up to where reading fails, which who parses it notices.
    package static func readAll(_ descriptor: Int32, limit: Int = Fields.maximumLength) -> [UInt8] {
        var bytes: [UInt8] = []
        try? SmallFile.read(descriptor, into: &bytes, limit: limit)
        return bytes
    }
}
