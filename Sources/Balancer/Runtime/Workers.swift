/// The processes of one HAProxy, as its master shows them.
struct Workers: Hashable, Sendable {
    static let question = "show proc"

    private(set) var master: Int?
    /// So often it was reloaded,
    private(set) var reloads = 0
    /// and so often in vain.
    private(set) var failures = 0
    private(set) var present: [Int] = []
    /// Those that finish what they have, after a reload.
    private(set) var former: [Int] = []

    init(_ text: String) throws(BalancerProblem) {
        var isFormer = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix("#") {
                isFormer = line.hasPrefix("# old workers")
                continue
            }
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count > 2, let process = Int(words[0]) else { continue }
            switch words[1] {
            case "master":
                master = process
                reloads = Int(words[2]) ?? 0
                if let place = words.firstIndex(of: "[failed:"), place + 1 < words.count {
                    failures = Int(words[place + 1].dropLast()) ?? 0
                }
            case "worker" where isFormer: former.append(process)
            case "worker": present.append(process)
            default: break
            }
        }
        guard master != nil else {
            throw .unreadable(asked: Self.question, problem: "it names no master: \(text)")
        }
    }
}
