/// All that is looked for so that some secrets stay hidden: the values, and the other forms in
/// which programs commonly print them.
///
/// This is hygiene against accidents. Who may run code with a secret can print it in a form that
/// is not here: compressed, reversed, a letter a line, wrapped by `base64` at 76 columns.
package struct Needles: Sendable {
    /// Anything shorter occurs by chance so often that hiding it would spoil the log.
    package static let shortest = 6

    /// At least `shortest` bytes each. Some may be there twice.
    package private(set) var all: [[UInt8]] = []
    /// The places in the list of those values that cannot be hidden. Whoever handed them over has
    /// to be told.
    package private(set) var tooShort: [Int] = []

    /// Blanks and line ends around a value do not count: shells drop them. A line too short to be
    /// hidden by itself is hidden where the whole value is printed.
    package init(hiding values: [[UInt8]]) {
        for (index, value) in values.enumerated() {
            let core = Self.trimmed(value[...])
            guard core.count >= Self.shortest else {
                tooShort.append(index)
                continue
            }
            add(formsOf: Array(core))
            let lines = core.split { $0 == Self.newline || $0 == Self.carriageReturn }
            guard lines.count > 1 else { continue }
            for line in lines { add(formsOf: Array(Self.trimmed(line))) }
        }
    }

    private mutating func add(formsOf value: [UInt8]) {
        let first = all.count
        for form in Forms.all(of: value) where form.count >= Self.shortest {
            if !all[first...].contains(form) { all.append(form) }
        }
    }

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let blank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard let first = value.firstIndex(where: { !blank($0) }),
            let last = value.lastIndex(where: { !blank($0) })
        else {
            return []
        }
        return value[first...last]
    }
}
