import Curl

/// A request under way, and what it was for.
package struct EngineTransfer {
    package let operation: String
    let transfer: Transfer

    package var isDone: Bool { transfer.isDone }
    /// The status of the answer, as soon as it has begun.
    package var status: Int? { transfer.status }
    /// Why it ended before the answer had.
    var problem: CallProblem? { transfer.problem }

    /// What has come since it was asked for last.
    package func take() -> [UInt8] { transfer.take() }
}
