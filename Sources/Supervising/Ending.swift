package import Attempts

/// Why an attempt is being ended by its supervisor, once it is, and when that is over.
package struct Ending {
    private var chosen: (end: AttemptReport.End, killAt: Int)?
    private var isKilled = false

    package init() {}

    /// Nothing as long as nobody has a reason.
    package var end: AttemptReport.End? { chosen?.end }

    /// The first reason counts; a later one can only make it quicker. True if the commands are to
    /// be asked to end.
    package mutating func begin(_ end: AttemptReport.End, at now: Int, grace: Int) -> Bool {
        if let chosen {
            self.chosen = (chosen.end, min(chosen.killAt, now + grace))
            return false
        }
        chosen = (end, now + grace)
        return grace > 0
    }

    /// True once, when they have had their time.
    package mutating func isToKill(at now: Int) -> Bool {
        guard let chosen, !isKilled, now >= chosen.killAt else { return false }
        isKilled = true
        return true
    }

    /// When there is something to do about it; nothing if there is no more.
    package var nextLook: Int? { isKilled ? nil : chosen?.killAt }
}
