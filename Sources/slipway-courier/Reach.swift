import CReach
import Git
import Synchronization

/// The policy of the job at hand, and what it refused.
enum Reach {
    private static let state = Mutex<(policy: AddressPolicy, refused: AddressPolicy.Place?)>(
        (AddressPolicy(), nil))

    static func obey(_ policy: AddressPolicy) {
        state.withLock { $0 = (policy, nil) }
        unsafe slipway_reach(judged)
    }

    static func refused() -> AddressPolicy.Place? { state.withLock { $0.refused } }

    fileprivate static func judge(_ address: [UInt8]) -> Int32 {
        state.withLock { state in
            guard let place = state.policy.refusal(of: address) else { return 0 }
            state.refused = place
            return 1
        }
    }
}

private func judged(_ address: UnsafePointer<UInt8>?, _ length: Int) -> Int32 {
    Reach.judge(unsafe Array(UnsafeBufferPointer(start: address, count: length)))
}
