import FoundationEssentials
package import Server
package import People
import SmallFiles
import Synchronization

/// Keeps when tokens were used, beside the record. Written once a minute at most, so that a server
/// that is killed forgets no more than that.
package final class TokenUseFile: Sendable {
    package let uses: TokenUses
    private let path: String
    private let written: Mutex<[TokenID: Int64]>

    /// One that is damaged is as good as none; `warn` is told.
    package init(in home: String, warn: (String) -> Void = { _ in }) {
        path = "\(home)/token-uses.json"
        var known: [TokenID: Int64] = [:]
        if let bytes = try? SmallFile.bytes(of: path) {
            do {
                known = try JSONDecoder().decode([TokenID: Int64].self, from: Data(bytes))
            } catch {
                warn("'\(path)' is damaged: when tokens were used is not known any more")
            }
        }
        uses = TokenUses(known)
        written = Mutex(known)
    }

    package func keep(for tokens: some Sequence<TokenID>) throws {
        try written.withLock { written in
            let kept = uses.kept(of: tokens)
            guard kept != written else { return }
            let coder = JSONEncoder()
            coder.outputFormatting = [.sortedKeys]
            try SmallFile.replace(path, with: Array(try coder.encode(kept)))
            written = kept
        }
    }
}
