import Glibc
import Pipelines
import Simulation

/// Gives the reader what nobody would write: random bytes, and good definitions that were damaged.
struct Fuzz {
    let inputs: Int
    let seed: UInt64

    /// Where a definition is bent: each piece once stood in one.
    private static let pieces = [
        "[", "]", "{", "}", ":", "- ", "&a ", "*a", "<<: ", "#{", "}", "\"", "'", "|\n", ">", "\t",
        "\r\n",
        "\u{0}", "\u{FEFF}", "!!binary ", "%YAML 1.2\n---\n", "...\n", "? ", "run: ", "stages:",
        "after: ",
        "[[[[[[[[", "x-a: &x [*x]", "\u{2028}", "name", "🦀", "\\", "99999999999999999999", "-1",
        "null",
    ]

    func run(seeds texts: [String]) -> Int32 {
        var random = Randomness(seed: seed)
        var accepted = 0
        var diagnostics = 0
        var slowest = Duration.zero
        for _ in 0..<inputs {
            let bytes = input(from: texts, &random)
            let start = ContinuousClock.now
            let reading = Definition.read(bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            let report = Report(file: "fuzz", text: text).text(of: reading.diagnostics)
            slowest = max(slowest, start.duration(to: .now))
            if let definition = reading.definition {
                accepted += 1
                // What was read once is read again to the same.
                guard Definition.read(Array(definition.text.utf8)).definition == definition else {
                    print("fuzz: seed \(seed): a definition does not read as itself")
                    return 1
                }
            } else if reading.diagnostics.isEmpty || report.isEmpty {
                print("fuzz: seed \(seed): refused without a word")
                return 1
            }
            diagnostics += reading.diagnostics.count
        }
        print(
            "fuzz: \(inputs) inputs, \(accepted) accepted, \(diagnostics) mistakes told, "
                + "slowest \(slowest), peak memory \(Self.peakMemory >> 10) MiB")
        return slowest < .seconds(1) ? 0 : 1
    }

    private func input(from texts: [String], _ random: inout Randomness) -> [UInt8] {
        if random.chance(1, in: 10) {
            return (0..<random.number(below: 400)).map { _ in UInt8(random.number(below: 256)) }
        }
        var bytes = Array((random.pick(texts) ?? "").utf8)
        for _ in 0...random.number(below: 8) { damage(&bytes, &random) }
        return bytes
    }

    private func damage(_ bytes: inout [UInt8], _ random: inout Randomness) {
        let place = random.number(below: bytes.count + 1)
        switch random.number(below: 5) {
        case 0: bytes.insert(contentsOf: Array((random.pick(Self.pieces) ?? "").utf8), at: place)
        case 1:
            let end = min(bytes.count, place + random.number(below: 40))
            bytes.removeSubrange(place..<end)
        case 2:
            let end = min(bytes.count, place + random.number(below: 80))
            bytes.insert(
                contentsOf: Array(bytes[place..<end]), at: random.number(below: bytes.count + 1))
        case 3: if place < bytes.count { bytes[place] = UInt8(random.number(below: 256)) }
        default:
            let piece = Array((random.pick(Self.pieces) ?? "").utf8)
            for _ in 0..<random.number(below: 200) { bytes.insert(contentsOf: piece, at: place) }
        }
    }

    /// In KiB.
    private static var peakMemory: Int {
        var usage = rusage()
        _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
