import Attempts
import Glibc
import Sandbox

/// Looks at an instance by a script in its own sandbox, where somebody waits to be asked.
struct InsideCheck: Sendable {
    /// Besides the time that the script has.
    private static let patience = 5_000
    private static let word = "checked "

    /// Where to ask, and where it is told how that ended.
    let ask: Int32
    let told: Int32
    let milliseconds: Int

    func run() -> Finding {
        discardLate()
        var line = UInt8(ascii: "\n")
        guard unsafe write(ask, &line, 1) == 1 else { return .ill(Self.noAnswer) }
        let deadline = Deadline(milliseconds + Self.patience)
        var heard = ""
        while !heard.contains("\n") {
            guard deadline.wait(for: told, POLLIN), let more = read() else {
                return .ill(Self.noAnswer)
            }
            heard += more
        }
        // What the instance may have put there itself is its own word about itself.
        guard heard.hasPrefix(Self.word),
            let code = Int(heard.dropFirst(Self.word.count).prefix { $0 != "\n" })
        else { return .ill(Self.noAnswer) }
        return ServiceSpec.timeoutCodes.contains(code)
            ? .tooSlow(milliseconds) : .ended(code: code)
    }

    private static let noAnswer = "the health check in its sandbox does not run any more"

    private func discardLate() {
        while Deadline(0).wait(for: told, POLLIN), read() != nil {}
    }

    private func read() -> String? {
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = unsafe Glibc.read(told, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}
