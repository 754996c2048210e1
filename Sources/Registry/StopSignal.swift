import CSystem
import Glibc
import Synchronization

/// Says from any thread that something is wanted no more; whoever waits hears it at once.
package final class StopSignal: Sendable {
    let descriptor: Int32
    private let value = Atomic(false)

    package init() { descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) }

    deinit { if descriptor >= 0 { close(descriptor) } }

    package var isSet: Bool { value.load(ordering: .acquiring) }

    package func stop() {
        value.store(true, ordering: .releasing)
        eventfd_write(descriptor, 1)
    }
}
