/// What another party is to bring about, from when it is told to when it is done.
package struct Charge: Hashable, Sendable, Codable {
    /// Charges are counted, so that word of an old one is not taken for word of a new one.
    package let serial: Int
    package let aim: Aim
    /// Under what name the party knows it. Nothing is begun before that is on the record: so
    /// whoever comes after a crash finds what was begun, and does not begin it again.
    package internal(set) var token: String?
    /// How far it is, in the party's words.
    package internal(set) var progress: String?
    package internal(set) var end: End?
    /// How often it has told how far it is.
    var reports = 0

    package enum Aim: Hashable, Sendable, Codable {
        /// This release is to be there.
        case reach(ReleaseID)
        /// What was begun under this token is to be as if it had never been.
        case undo(String)
    }

    package enum End: Hashable, Sendable, Codable {
        case done
        case failed(String)
    }
}

/// What the party says of a charge, or whoever asks it.
package struct ChargeReport: Hashable, Sendable {
    package enum Word: Hashable, Sendable {
        /// It can be begun, and is known under this token.
        case ready(String)
        case underWay(String)
        case done
        case failed(String)
    }

    package let serial: Int
    package let word: Word

    package init(_ serial: Int, _ word: Word) {
        self.serial = serial
        self.word = word
    }
}

extension Charge {
    /// One that tells something new all the time is heard so often.
    private static let mostReports = 200

    /// What a report says that was not known.
    func lesson(of report: ChargeReport) -> SiteEvent? {
        guard report.serial == serial, end == nil else { return nil }
        switch report.word {
        case .ready(let token): return self.token == nil ? .entrusted(token: token) : nil
        case .underWay(let words):
            let isNews = words != progress && reports < Self.mostReports
            return isNews ? .entrustedTold(words: words) : nil
        case .done: return .entrustedDone
        case .failed(let cause): return .entrustedFailed(cause: cause)
        }
    }

    mutating func apply(_ event: SiteEvent) {
        switch event {
        case .entrusted(let token): self.token = token
        case .entrustedTold(let words):
            progress = words
            reports += 1
        case .entrustedDone: end = .done
        case .entrustedFailed(let cause): end = .failed(cause)
        default: break
        }
    }
}
