/// A rule that did not hold.
package struct Violation: Error, Hashable, CustomStringConvertible {
    package let invariant: Invariant
    package let detail: String

    package init(_ invariant: Invariant, _ detail: String) {
        self.invariant = invariant
        self.detail = detail
    }

    package var description: String { "\(invariant.rawValue): \(detail)" }
}

/// What has to hold after every step, whatever happens.
package enum Invariant: String, CaseIterable, Sendable {
    case oneHolder = "at most one execution holds a stage"
    case newestWaits = "of those waiting before a stage only the newest remains"
    case firstInFirstOut = "queued executions do not overtake one another"
    case parallelIsFree = "parallel executions never wait for one another"
    case closedDoor = "a closed transition lets nothing through"
    case gatesFirst = "a stage is entered only when its gates have opened"
    case afterFirst = "an action starts only after those before it have succeeded"
    case approvalOnce = "an approval is consumed at most once"
    case approvalEntitled = "an approval counts only from those entitled to it, in time"
    case tokensHold = "a token lets its owner in until it is revoked or its time is over"
    case somebodyAdministers = "the last token of an administrator is not revoked"
    case approvalBound = "an approval is for what was shown and nothing else"
    case stoppedIsStopped = "a stopped execution starts nothing more"
    case retryScope = "a retry repeats only what it says it repeats"
    case rollBackTarget = "a rollback runs what had succeeded in the stage"
    case notTwice = "no action is silently run twice"
    case notAtOnce = "two attempts at one action never run at the same time"
    case notLost = "no action is lost"
    case explained = "whatever waits can say what it waits for"
    case endsOnce = "what has ended does not change by itself"
    case boundAtBirth = "an execution keeps the definition and revisions that it was born with"
    case onePerChange = "a change of a source starts at most one execution"
    case placesKept = "a runner runs no more than it has places for"
    case environmentAlone = "one attempt at a time changes an environment"
    case queueOrder = "an earlier action of a pipeline is not overtaken by a later one"
    case acknowledgedKept = "what was acknowledged is on the record after any crash"
    case chainWhole = "the record has no gap and no stranger"
    case stateFollows = "the state is what its events say it is"
    case settled = "nothing that could follow by itself is left undone"
    case comesToRest = "with all faults gone, everything ends or says whom it waits for"
    case clockJumps = "a jump of the wall clock changes nothing"
    case engineSound = "the engine never contradicts itself"
}
