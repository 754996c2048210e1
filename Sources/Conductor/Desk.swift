package import Engine
package import Store

/// A house as those see it who speak with people. Questions are answered from the last state;
/// wishes are decided by the one thread that owns the record.
package protocol Desk: AnyObject, Sendable {
    /// What was so after the last turn, and what time it is.
    var view: (state: EngineState, now: Moment) { get }
    /// Why nothing new is taken on, for people; nothing if all is well.
    var trouble: String? { get }

    /// Has the messages decided, in order and with one write. `then` is called by the house's own
    /// thread, which it must not keep.
    func submit(
        _ messages: [Message],
        then: @escaping @Sendable (Result<[Reply], StoreError>) -> Void)

    /// Calls `wake` whenever something has been put on the record, until what it gives is let go
    /// of.
    func listen(_ wake: @escaping @Sendable () -> Void) -> any Sendable
}
