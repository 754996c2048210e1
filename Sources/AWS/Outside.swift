package import Curl
import Glibc
package import SmallFiles

/// What is done outside of the house, in the thread that owns it. Tests put in its place what does
/// not wait.
package struct Outside {
    package let ask: (Call) throws(CallProblem) -> Answer
    package let read: (String) -> Result<[UInt8], FileProblem>
    /// In seconds since 1970.
    package let now: () -> Int
    /// Waits so many milliseconds, and says whether to go on.
    package let wait: (Int) -> Bool
    /// A number from zero up to one.
    package let chance: () -> Double

    package init(
        ask: @escaping (Call) throws(CallProblem) -> Answer,
        read: @escaping (String) -> Result<[UInt8], FileProblem>,
        now: @escaping () -> Int, wait: @escaping (Int) -> Bool, chance: @escaping () -> Double
    ) {
        self.ask = ask
        self.read = read
        self.now = now
        self.wait = wait
        self.chance = chance
    }

    /// Files that somebody has pointed at by mistake are not read to their end.
    private static let longestFile = 1 << 20

    /// The world. `goesOn` is asked after each piece of a wait.
    package static func world(
        goesOn: @escaping () -> Bool = { true }
    ) throws(CallProblem) -> Outside {
        let client = try HTTPClient()
        return Outside(
            ask: { call throws(CallProblem) in try client.ask(call) },
            read: { path in
                Result { () throws(FileProblem) in
                    try SmallFile.bytes(of: path, limit: longestFile)
                }
            },
            now: { time(nil) },
            wait: { milliseconds in
                var rest = milliseconds
                while rest > 0, goesOn() {
                    let piece = min(rest, 100)
                    client.wait([], milliseconds: piece)
                    rest -= piece
                }
                return goesOn()
            },
            chance: { Double.random(in: 0..<1) })
    }
}

extension FileProblem {
    var isMissing: Bool { code == ENOENT || code == ENOTDIR }
}
