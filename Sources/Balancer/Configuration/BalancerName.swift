/// What something is called at the balancer. It is one word wherever HAProxy reads it: in its
/// configuration, on its socket, and in its answers.
package struct BalancerName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package static let maximumLength = 64
    package let description: String

    package init(_ text: String) throws(BalancerProblem) {
        let letters = text.utf8
        guard 1...Self.maximumLength ~= letters.count,
            letters.first.map({ $0.isLetterOrDigit }) == true,
            letters.allSatisfy({ $0.isLetterOrDigit || "-_.".utf8.contains($0) })
        else { throw .badName(text) }
        description = text
    }

    package static func < (left: BalancerName, right: BalancerName) -> Bool {
        left.description < right.description
    }
}

extension UInt8 {
    var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
