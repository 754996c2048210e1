package import Pipelines

/// An execution at one stage: before it, in it, being judged on the way out, or past it.
package struct Passage: Hashable, Sendable, Codable {
    package let visit: Visit
    package let stageIndex: Int
    package internal(set) var phase: Phase = .waiting
    package internal(set) var gates = GateProgress()
    /// In the order of the definition.
    package internal(set) var actions: [ActionState] = []
    /// How often the stage's own policy has repeated it in this visit.
    package internal(set) var automaticRetries = 0
    /// Since when it is where it is: before the stage, at this gate, or in it. Not known of what
    /// was kept by an older version.
    package internal(set) var since: Steady?

    package enum Phase: Hashable, Sendable, Codable {
        case waiting
        case inside
        /// Every action has ended well; the conditions for leaving are looked at.
        case judging
        case left(succeeded: Bool)
    }

    package var isInside: Bool { phase == .inside || phase == .judging }
}

/// How far the gates on one side of a stage have been opened, one after the other.
package struct GateProgress: Hashable, Sendable, Codable {
    /// The gate that is looked at now; those before it have opened.
    package internal(set) var index = 0
    package internal(set) var current: GateState = .ahead
    /// The last that was seen of every window reached so far. A window that has opened may close
    /// again before the stage could be entered.
    package internal(set) var windows: [Int: Bool] = [:]

    package var closedWindow: Int? {
        windows.filter { !$0.value }.keys.min()
    }
}

package enum GateState: Hashable, Sendable, Codable {
    case ahead
    case asking(Asking)
    case waiting(until: Steady)
    case watching
    case checking(ActionState, deadline: Steady?)
}

/// A question to people, and what they have said so far.
package struct Asking: Hashable, Sendable, Codable {
    package let id: ApprovalID
    /// A digest of what is asked about. A vote counts only for the subject it was given for.
    package internal(set) var subject: String
    package let deadline: Steady
    package internal(set) var votes: [Vote] = []

    package struct Vote: Hashable, Sendable, Codable {
        package let person: Person
        package let comment: String
    }
}

/// One action, or one check, of a passage.
package struct ActionState: Hashable, Sendable, Codable {
    package internal(set) var status: ActionStatus = .waiting
    /// The number of the last attempt.
    package internal(set) var attempts = 0
    /// How many of them the action's own policy asked for since the stage was last begun.
    package internal(set) var retries = 0
    package internal(set) var cause: AttemptCause = .first
    /// Since when it has this status, where it waits or runs.
    package internal(set) var since: Steady?
}

package enum ActionStatus: Hashable, Sendable, Codable {
    /// For the actions it comes after.
    case waiting
    /// For a place on its runner, or for its environment.
    case queued
    /// It has its place; the runner has not said yet that it runs.
    case admitted
    case running
    case asking(Asking)
    case backingOff(until: Steady)
    case succeeded
    case failed(RetryCause, String)
    case stopped

    package var isUnderWay: Bool { self == .admitted || self == .running }

    /// Something will still come of it without anybody repeating the stage.
    package var isOpen: Bool {
        switch self {
        case .queued, .admitted, .running, .asking, .backingOff: true
        case .waiting, .succeeded, .failed, .stopped: false
        }
    }
}
