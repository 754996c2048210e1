/// What a release's part of the requests came to in the last half minute. For people: nothing is
/// decided by it.
package struct TrafficFigures: Hashable, Sendable {
    /// Of how long these are.
    package let seconds: Double
    package let answers: Int
    /// 5xx, and what was broken off.
    package let failures: Int
    /// The mean of the last answers.
    package let milliseconds: Int

    package init(seconds: Double, answers: Int, failures: Int, milliseconds: Int) {
        self.seconds = seconds
        self.answers = answers
        self.failures = failures
        self.milliseconds = milliseconds
    }

    package var perSecond: Double { seconds > 0 ? Double(answers) / seconds : 0 }
}
