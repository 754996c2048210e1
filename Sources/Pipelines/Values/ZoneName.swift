/// What names of time zones look like. Whether there is such a zone is known where they are kept.
package enum ZoneName {
    static func isWellFormed(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64 && !text.hasPrefix("/") && !text.contains("..")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "_"),
                    UInt8(ascii: "-"), UInt8(ascii: "+"):
                    true
                default: false
                }
            }
    }
}

extension Shape where Value == String {
    package static var zone: Shape {
        .text("a time zone such as 'Europe/London'") { text throws(Mistake) in
            guard ZoneName.isWellFormed(text) else {
                throw Mistake(
                    "'\(text)' is no time zone", hint: "write UTC or a name such as 'Europe/London'"
                )
            }
            return text
        }
    }
}
