import Addresses
import CReach
import Glibc
import Synchronization

/// The policy of the job at hand, and what it refused.
enum Reach {
    private static let state = Mutex<(policy: AddressPolicy, refused: IPAddress.Place?)>(
        (AddressPolicy(), nil))

    static func obey(_ policy: AddressPolicy) {
        state.withLock { $0 = (policy, nil) }
        unsafe slipway_reach(judged)
    }

    static func refused() -> IPAddress.Place? { state.withLock { $0.refused } }

    fileprivate static func judge(_ address: IPAddress) -> Int32 {
        state.withLock { state in
            guard let place = state.policy.refusal(of: address) else { return 0 }
            state.refused = place
            return 1
        }
    }
}

private func judged(_ address: UnsafePointer<sockaddr>?) -> Int32 {
    guard let address = unsafe address, let host = unsafe IPAddress(address) else { return 0 }
    return Reach.judge(host)
}
