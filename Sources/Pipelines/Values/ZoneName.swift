import YAML

/// What names of time zones look like. Which of them there are, whoever reads is told.
enum ZoneName {
    static let hint = "write UTC or a name such as 'Europe/London'"

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
        let wellFormed = Shape.text("a time zone such as 'Europe/London'") { text throws(Mistake) in
            guard ZoneName.isWellFormed(text) else {
                throw Mistake("'\(text)' is no time zone", hint: ZoneName.hint)
            }
            return text
        }
        return Shape(wellFormed.name, schema: wellFormed.schema) { node, findings in
            guard let name = wellFormed.read(node, &findings) else { return nil }
            if name != "UTC", let zones = findings.zones, !zones.contains(name) {
                let guess = Nearest.word(to: name, among: zones).map { "did you mean '\($0)'?" }
                findings.error(
                    at: node.place, "there is no time zone '\(name)'", hint: guess ?? ZoneName.hint)
            }
            return name
        }
    }
}
