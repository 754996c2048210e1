package import People
import Synchronization

/// When each token was shown last, to the minute. It is no part of the record, which would grow
/// with every request: whoever hosts the house keeps it.
package final class TokenUses: Sendable {
    private static let minute: Int64 = 60_000

    /// Milliseconds since 1970.
    private let times: Mutex<[TokenID: Int64]>

    package init(_ known: [TokenID: Int64] = [:]) { times = Mutex(known) }

    package func note(_ token: TokenID, at wall: Int64) {
        let time = wall - wall % Self.minute
        times.withLock { times in
            // A clock that is set back makes no use undone.
            if times[token] ?? .min < time { times[token] = time }
        }
    }

    /// Nothing if it is not known to have been shown.
    package func last(of token: TokenID) -> Int64? { times.withLock { $0[token] } }

    /// What is to be kept of it, for the tokens that there still are.
    package func kept(of tokens: some Sequence<TokenID>) -> [TokenID: Int64] {
        times.withLock { times in
            var left: [TokenID: Int64] = [:]
            for token in tokens { left[token] = times[token] }
            times = left
            return left
        }
    }
}
