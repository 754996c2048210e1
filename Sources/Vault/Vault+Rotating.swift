import Cryptography
import Pipelines
import SmallFiles
import Synchronization

// Changing the key. The new one lies beside the old one until the last secret is sealed with it;
// each file says which of the two has sealed it. So whenever this is cut short, both are there, and
// whoever opens the vault next goes on.
extension Vault {
    private var nextPath: String { "\(keyPath).next" }

    /// Seals every secret with a new key and forgets the old one. `step` hears of each step after
    /// it is safe on the disk.
    package func rotate(
        step: (_ number: Int) throws(VaultError) -> Void = { _ throws(VaultError) in }
    ) throws(VaultError) {
        let next = try VaultKey.random()
        try key.withLock { key throws(VaultError) in
            // All of them have to be readable, or the old key would go with what it alone opens.
            for name in Self.names(in: folder) {
                var value = try open(try read(name), with: key)
                value.wipe()
            }
            try next.write(to: nextPath)
            try step(0)
            try go(from: &key, to: next, step: step)
        }
    }

    /// Goes on where a change of the key was cut short.
    func endRotation() throws(VaultError) {
        guard let next = try VaultKey.read(nextPath) else { return }
        try key.withLock { key throws(VaultError) in
            try go(from: &key, to: next) { _ throws(VaultError) in }
        }
    }

    private func go(
        from key: inout VaultKey, to next: VaultKey,
        step: (_ number: Int) throws(VaultError) -> Void
    ) throws(VaultError) {
        var number = 0
        for name in Self.names(in: folder) {
            let sealed = try read(name)
            guard sealed.key != next.id else { continue }
            var value = try open(sealed, with: key)
            defer { value.wipe() }
            try write(value, as: name, version: sealed.version, at: sealed.set, with: next)
            number += 1
            try step(number)
        }
        do {
            try SmallFile.rename(nextPath, to: keyPath)
        } catch { throw VaultError("put the new key in place of '\(keyPath)'", error) }
        key = next
        try step(number + 1)
    }
}
