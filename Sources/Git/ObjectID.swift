import CGit2

/// The name of a commit, a tree or a file's content: 40 digits that follow from what it is.
package struct ObjectID: Hashable, Sendable, CustomStringConvertible {
    package static let digits = 40

    package let description: String

    /// Nothing if it is not 40 digits, each 0-9 or a-f.
    package init?(_ text: String) {
        guard text.utf8.count == Self.digits, Self.areDigits(text) else { return nil }
        description = text
    }

    init(_ id: git_oid) {
        var id = id
        description = unsafe String(unsafeUninitializedCapacity: Self.digits) { space in
            unsafe space.withMemoryRebound(to: CChar.self) { digits in
                _ = unsafe git_oid_fmt(digits.baseAddress, &id)
            }
            return Self.digits
        }
    }

    var oid: git_oid {
        var id = git_oid()
        // It cannot fail: the digits were counted and looked at.
        _ = unsafe git_oid_fromstr(&id, description)
        return id
    }

    static func areDigits(_ text: String) -> Bool {
        text.utf8.allSatisfy { digit in
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit
                || UInt8(ascii: "a")...UInt8(ascii: "f") ~= digit
        }
    }
}
