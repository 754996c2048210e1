// Durations and sizes, as people write them.

extension Shape where Value == Duration {
    package static var duration: Shape {
        .text(
            "a duration such as 20m",
            schema: .pattern("^([0-9]{1,9}(ms|s|m|h|d))+$", example: "2h30m")
        ) { text throws(Mistake) in try Amounts.duration(text) }
    }
}

extension Shape where Value == Size {
    package static var size: Shape {
        .text(
            "a size such as 512MiB", schema: .pattern("^[0-9]{1,9}(B|[KMGT]i?B)$", example: "2GiB")
        ) { text throws(Mistake) in try Amounts.size(text) }
    }
}

/// A number of bytes.
package struct Size: Hashable, Sendable, CustomStringConvertible {
    package let bytes: Int
    package let description: String

    package init(bytes: Int, description: String) {
        self.bytes = bytes
        self.description = description
    }
}

extension Size: Comparable {
    package static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }
    package static func == (left: Self, right: Self) -> Bool { left.bytes == right.bytes }
    package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

enum Amounts {
    static let longest: Duration = .seconds(366 * 86_400)

    static func duration(_ text: String) throws(Mistake) -> Duration {
        let hint = "write a number and ms, s, m, h or d, such as 90s, 20m or 2h30m"
        var rest = text[...]
        var total = Duration.zero
        var last = Duration.seconds(Int64.max / 4)
        while !rest.isEmpty {
            let offset = text.unicodeScalars.count - rest.unicodeScalars.count
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let letters = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(letters.count)
            guard let number = Int64(digits), digits.utf8.count < 10, let unit = unit(letters)
            else {
                throw Mistake("'\(text)' is no duration", at: offset, hint: hint)
            }
            guard unit < last else {
                throw Mistake(
                    "'\(letters)' comes after a smaller unit in '\(text)'", at: offset,
                    hint: "write the larger unit first, each of them once")
            }
            total += unit * number
            last = unit
        }
        guard last < .seconds(Int64.max / 4) else {
            throw Mistake("the duration is empty", hint: hint)
        }
        guard total <= longest else {
            throw Mistake("'\(text)' is longer than a year", hint: "the longest is 366d")
        }
        return total
    }

    private static func unit(_ letters: Substring) -> Duration? {
        switch letters {
        case "ms": .milliseconds(1)
        case "s": .seconds(1)
        case "m": .seconds(60)
        case "h": .seconds(3_600)
        case "d": .seconds(86_400)
        default: nil
        }
    }

    static func size(_ text: String) throws(Mistake) -> Size {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count)
        guard let number = Int(digits), digits.utf8.count < 10, let factor = factor(unit) else {
            throw Mistake(
                "'\(text)' is no size",
                hint: "write a number and KiB, MiB, GiB or TiB, such as 512MiB")
        }
        return Size(bytes: number * factor, description: text)
    }

    private static func factor(_ unit: Substring) -> Int? {
        switch unit {
        case "B": 1
        case "KB": 1_000
        case "MB": 1_000_000
        case "GB": 1_000_000_000
        case "TB": 1_000_000_000_000
        case "KiB": 1 << 10
        case "MiB": 1 << 20
        case "GiB": 1 << 30
        case "TiB": 1 << 40
        default: nil
        }
    }
}

extension Duration {
    package var milliseconds: Int {
        Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }

    /// `90s`, `2h30m`, `30d`; at most a year.
    package init?(written text: String) {
        guard let duration = try? Amounts.duration(text) else { return nil }
        self = duration
    }

    /// As somebody would write it: 2h30m.
    package var short: String {
        let (seconds, attoseconds) = components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "m"),
            (seconds % 60, "s"), (milliseconds, "ms"),
        ]
        let text = parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
        return text.isEmpty ? "0s" : text
    }
}
