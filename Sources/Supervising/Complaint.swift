/// What bubblewrap says of itself, which it says before there is a command to say anything.
package struct Complaint {
    private static let prefix = Array("bwrap: ".utf8)
    private static let longest = 300

    private var head: [UInt8] = []

    package init() {}

    package mutating func hear(_ bytes: ArraySlice<UInt8>) {
        if head.count < Self.longest { head += bytes.prefix(Self.longest) }
    }

    /// Nothing if somebody else was the first to say anything.
    package var text: String? {
        guard head.starts(with: Self.prefix) else { return nil }
        return String(decoding: head.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
