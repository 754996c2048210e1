import Cryptography
import Glibc
package import Pipelines
import SmallFiles
import Synchronization

/// The secrets of a house, each sealed in a file of its own.
///
/// One process has it open, the one that holds the house's folder. Each change is one renamed file,
/// so a crash leaves the old or the new and nothing between.
package final class Vault: Sendable {
    package static let maximumSecrets = 1_000
    package static let maximumLength = 64 * 1024

    /// What may be known of a secret.
    package struct Entry: Hashable, Sendable {
        package let name: SecretName
        package let version: Int
        /// In milliseconds since 1970.
        package let set: Int64
    }

    let folder: String
    package let keyPath: String
    /// Also held while files are changed, so that a change and a rotation never meet.
    let key: Mutex<VaultKey>

    /// Opens the secrets of a home folder, and ends a change of the key that was cut short.
    ///
    /// The key lies in `secrets.key` there and is made when there is none; or in a file outside,
    /// which has to be there.
    package static func open(
        in home: String, keyFile: String? = nil
    ) throws(VaultError) -> Vault {
        let folder = "\(home)/secrets"
        guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw VaultError("make folder '\(folder)'", .last)
        }
        guard unsafe chmod(folder, 0o700) == 0 else {
            throw VaultError("close folder '\(folder)' to others", .last)
        }
        let path = keyFile ?? "\(home)/secrets.key"
        let known = try VaultKey.read(path)
        let key =
            if let known { known } else {
                try makeKey(path, isOutside: keyFile != nil, for: folder)
            }
        let vault = Vault(folder: folder, keyPath: path, key: key)
        try vault.endRotation()
        return vault
    }

    private init(folder: String, keyPath: String, key: VaultKey) {
        self.folder = folder
        self.keyPath = keyPath
        self.key = Mutex(key)
    }

    private static func makeKey(
        _ path: String, isOutside: Bool, for folder: String
    ) throws(VaultError) -> VaultKey {
        let count = names(in: folder).count
        guard count == 0 else {
            throw VaultError(
                .key, "there are \(count) secrets and no key '\(path)'",
                hint: "put the file back from a backup; without it nobody can read them")
        }
        guard !isOutside else {
            throw VaultError(
                .key, "there is no key '\(path)'",
                hint: "make one: (umask 077; openssl rand -hex 32 > '\(path)')")
        }
        let key = try VaultKey.random()
        try key.write(to: path)
        return key
    }

    /// In the order of their names. Files that are no secrets any more throw, with their name.
    package func entries() throws(VaultError) -> [Entry] {
        try Self.names(in: folder).map { name throws(VaultError) in
            let sealed = try read(name)
            return Entry(name: name, version: sealed.version, set: sealed.set)
        }
    }

    package func value(of name: SecretName) throws(VaultError) -> [UInt8] {
        let key = key.withLock(\.self)
        return try open(try read(name), with: key)
    }

    /// Gives a secret a value, for good when this returns; `time` is in milliseconds since 1970.
    package func set(
        _ name: SecretName, to value: [UInt8], at time: Int64
    ) throws(VaultError) -> Entry {
        guard 1...Self.maximumLength ~= value.count else {
            throw VaultError(
                .invalid, "the value of secret '\(name)' has \(value.count) bytes",
                hint: "give it 1 to \(Self.maximumLength)")
        }
        return try key.withLock { key throws(VaultError) in
            var version = 1
            if exists(name) {
                // One that is damaged can be set anew.
                version = ((try? read(name))?.version ?? 0) + 1
            } else if Self.names(in: folder).count >= Self.maximumSecrets {
                throw VaultError(
                    .invalid, "there are \(Self.maximumSecrets) secrets",
                    hint: "remove those that no pipeline asks for")
            }
            try write(value, as: name, version: version, at: time, with: key)
            return Entry(name: name, version: version, set: time)
        }
    }

    /// The version that is gone.
    package func remove(_ name: SecretName) throws(VaultError) -> Int {
        try key.withLock { _ throws(VaultError) in
            guard exists(name) else { throw Self.unknown(name) }
            let version = (try? read(name))?.version ?? 0
            do throws(FileProblem) {
                try SmallFile.remove(path(of: name))
                try SmallFile.sync(folderOf: path(of: name))
            } catch { throw VaultError("remove secret '\(name)'", error) }
            return version
        }
    }
}

// The files.
extension Vault {
    private static let suffix = ".secret"

    func path(of name: SecretName) -> String { "\(folder)/\(name)\(Self.suffix)" }

    func exists(_ name: SecretName) -> Bool { unsafe access(path(of: name), F_OK) == 0 }

    static func names(in folder: String) -> [SecretName] {
        SmallFile.names(in: folder).compactMap { file in
            file.hasSuffix(suffix) ? SecretName(String(file.dropLast(suffix.count))) : nil
        }.sorted()
    }

    func read(_ name: SecretName) throws(VaultError) -> SealedSecret {
        let text: String
        do {
            text = try SmallFile.text(of: path(of: name), limit: Self.maximumLength * 2)
        } catch {
            if error.code == ENOENT { throw Self.unknown(name) }
            throw VaultError("read secret '\(name)'", error)
        }
        guard let sealed = SealedSecret(parsing: text, of: name) else {
            throw damage(name, "is not as it was written")
        }
        return sealed
    }

    func open(_ sealed: SealedSecret, with key: VaultKey) throws(VaultError) -> [UInt8] {
        guard sealed.key == key.id else {
            throw VaultError(
                .key, "secret '\(sealed.name)' was sealed with another key than '\(keyPath)'",
                hint: "put back that key, or set the secret anew")
        }
        do {
            return try sealed.value(with: key)
        } catch { throw damage(sealed.name, "has been changed") }
    }

    func write(
        _ value: [UInt8], as name: SecretName, version: Int, at time: Int64, with key: VaultKey
    ) throws(VaultError) {
        let sealed: SealedSecret
        do {
            sealed = try SealedSecret(
                sealing: value, as: name, version: version, at: time, with: key)
        } catch {
            throw VaultError(
                .key, "cannot seal secret '\(name)': \(error)", hint: "check the machine's OpenSSL")
        }
        do {
            try SmallFile.replace(path(of: name), with: Array(sealed.text.utf8))
        } catch { throw VaultError("write secret '\(name)'", error) }
    }

    private func damage(_ name: SecretName, _ problem: String) -> VaultError {
        VaultError(
            .damaged, "the file of secret '\(name)' \(problem)",
            hint: "set the secret anew, or put back '\(path(of: name))' from a backup")
    }

    private static func unknown(_ name: SecretName) -> VaultError {
        VaultError(.unknown, "there is no secret '\(name)'", hint: "`slipway secrets` lists them")
    }
}
