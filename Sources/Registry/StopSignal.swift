import Synchronization
package import Threads

/// Says from any thread that something is wanted no more; whoever waits hears it at once.
package final class StopSignal: Sendable {
    private let bell: Bell
    private let value = Atomic(false)

    package init() throws(Shortage) { bell = try Bell() }

    package var isSet: Bool { value.load(ordering: .acquiring) }

    /// Readable when it is set.
    var descriptor: Int32 { bell.descriptor }

    package func stop() {
        value.store(true, ordering: .releasing)
        bell.ring()
    }
}
