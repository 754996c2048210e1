import Masking

/// What masking means, told as plainly as possible: each stretch covered by occurrences of needles,
/// one or several that overlap, is one mask.
func masked(_ text: [UInt8], hiding needles: [[UInt8]]) -> [UInt8] {
    var stretches: [Range<Int>] = []
    let byFirst = Dictionary(grouping: needles, by: \.first)
    for start in text.indices {
        for needle in byFirst[text[start]] ?? [] where text[start...].starts(with: needle) {
            let end = start + needle.count
            if let last = stretches.last, start < last.upperBound {
                stretches[stretches.count - 1] = last.lowerBound..<max(end, last.upperBound)
            } else {
                stretches.append(start..<end)
            }
        }
    }
    var output: [UInt8] = []
    var next = 0
    for stretch in stretches {
        output += text[next..<stretch.lowerBound] + Array("***".utf8)
        next = stretch.upperBound
    }
    return output + text[next...]
}

/// The longest end of a text that some needle begins with, and is longer than.
func heldBack(_ text: [UInt8], _ needles: [[UInt8]]) -> Int {
    let longest = needles.map(\.count).max() ?? 0
    return (0...min(longest, text.count)).reversed().first { count in
        let end = text.suffix(count)
        return needles.contains { $0.starts(with: end) }
    } ?? 0
}

extension Masker {
    /// What comes of these chunks, each in memory of its own, so that nobody reads beyond it.
    mutating func output(of chunks: [[UInt8]]) -> [UInt8] {
        var output: [UInt8] = []
        for chunk in chunks { output += given(chunk) }
        finish { piece in output += bytes(of: piece) }
        return output
    }

    mutating func given(_ chunk: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        feed(chunk.span) { piece in output += bytes(of: piece) }
        return output
    }
}

func bytes(of span: Span<UInt8>) -> [UInt8] { span.indices.map { span[$0] } }

/// The same numbers from the same seed.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var number = state
        number = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
        number = (number ^ (number >> 27)) &* 0x94D0_49BB_1331_11EB
        return number ^ (number >> 31)
    }

    mutating func bytes(_ count: Int, of letters: [UInt8]) -> [UInt8] {
        (0..<count).map { _ in letters[Int.random(in: letters.indices, using: &self)] }
    }

    /// A text in chunks of 1 to `longest` bytes.
    mutating func cut(_ text: [UInt8], longest: Int) -> [[UInt8]] {
        var chunks: [[UInt8]] = []
        var rest = text[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(Int.random(in: 1...longest, using: &self))
            chunks.append(Array(chunk))
            rest = rest.dropFirst(chunk.count)
        }
        return chunks
    }
}
