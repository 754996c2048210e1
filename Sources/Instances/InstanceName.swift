/// Which instance it is: `staging/i12`, its environment and what it is called there.
package struct InstanceName: Hashable, Sendable, Comparable, CustomStringConvertible {
    private static let longest = 100

    package let environment: String
    package let id: String

    /// Each is known to be safe as the name of a folder.
    package init?(_ environment: String, _ id: String) {
        guard Self.isName(environment), Self.isName(id) else { return nil }
        self.environment = environment
        self.id = id
    }

    package var description: String { "\(environment)/\(id)" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.environment, left.id) < (right.environment, right.id)
    }

    private static func isName(_ text: String) -> Bool {
        1...longest ~= text.utf8.count && !text.utf8.starts(with: ".".utf8)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                    UInt8(ascii: "_"), UInt8(ascii: "@"):
                    true
                default: false
                }
            }
    }
}
