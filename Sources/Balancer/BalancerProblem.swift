/// Why HAProxy does not do what was asked of it, or was never asked.
package enum BalancerProblem: Error, Hashable, CustomStringConvertible {
    case badName(String)
    case badText(what: String, text: String, allowed: String)
    case badNumber(what: String, number: Int, allowed: ClosedRange<Int>)
    case twice(what: String, name: String)
    case missing(what: String, name: String, wantedBy: String)
    case unreachable(socket: String, asked: String, problem: String)
    /// It took longer to answer than anybody waits, or answered more than anybody reads.
    case unanswered(socket: String, asked: String, problem: String)
    /// In HAProxy's own words.
    case refused(asked: String, answer: String)
    case unreadable(asked: String, problem: String)
    case file(path: String, problem: String)

    package var description: String {
        switch self {
        case .badName(let name):
            "'\(name)' cannot be a name at the balancer; use 1 to \(BalancerName.maximumLength) "
                + "of A-Z, a-z, 0-9, '-', '_' and '.', and begin with a letter or digit"
        case .badText(let what, let text, let allowed):
            "\(what) '\(text)' cannot be given to the balancer; use \(allowed)"
        case .badNumber(let what, let number, let allowed):
            "\(what) is \(number); use \(allowed.lowerBound) to \(allowed.upperBound)"
        case .twice(let what, let name): "there are two \(what) '\(name)'; rename one"
        case .missing(let what, let name, let wanting):
            "there is no \(what) '\(name)', which \(wanting) wants; add it, or name another"
        case .unreachable(let socket, let asked, let problem):
            "HAProxy cannot be reached at '\(socket)' for '\(asked)': \(problem); "
                + "see whether it runs, and as whose"
        case .unanswered(let socket, let asked, let problem):
            "HAProxy at '\(socket)' was asked '\(asked)': \(problem); ask again, and restart it "
                + "if it stays so"
        case .refused(let asked, let answer): "HAProxy was asked '\(asked)' and said: \(answer)"
        case .unreadable(let asked, let problem):
            "what HAProxy answers to '\(asked)' makes no sense: \(problem); 2.6 or newer is needed"
        case .file(let path, let problem): "cannot write '\(path)' for HAProxy: \(problem)"
        }
    }
}
