import JSON

/// A place for the images of one name, as it is.
package struct ECRRepository: Hashable, Sendable {
    package let name: String
    package let uri: String
    package let mutability: TagMutability
    package let scansOnPush: Bool
    package let encryption: Encryption

    package init(
        name: String, uri: String, mutability: TagMutability, scansOnPush: Bool,
        encryption: Encryption
    ) {
        self.name = name
        self.uri = uri
        self.mutability = mutability
        self.scansOnPush = scansOnPush
        self.encryption = encryption
    }
}

/// Whether a tag that is there may be put on another image.
package struct TagMutability: Hashable, Sendable {
    package let isMutable: Bool
    /// Patterns with `*` for the tags that are otherwise.
    package let exclusions: [String]

    package static let mutable = TagMutability(isMutable: true)
    package static let immutable = TagMutability(isMutable: false)

    package init(isMutable: Bool, exclusions: [String] = []) {
        self.isMutable = isMutable
        self.exclusions = exclusions
    }

    init(word: String?, exclusions: [String]) {
        self.init(isMutable: word?.hasPrefix("IMMUTABLE") != true, exclusions: exclusions)
    }

    package func mayMove(_ tag: String) -> Bool {
        exclusions.contains { Self.matches(Array(tag.utf8)[...], Array($0.utf8)[...]) } != isMutable
    }

    var word: String {
        (isMutable ? "MUTABLE" : "IMMUTABLE") + (exclusions.isEmpty ? "" : "_WITH_EXCLUSION")
    }

    var members: [JSON.Member] {
        var members = [JSON.Member("imageTagMutability", .string(word))]
        if !exclusions.isEmpty {
            let filters = exclusions.map { pattern -> JSON in
                ["filterType": "WILDCARD", "filter": .string(pattern)]
            }
            members.append(.init("imageTagMutabilityExclusionFilters", .array(filters)))
        }
        return members
    }

    /// Goes back to the last '*' where it goes wrong, so that no pattern takes long.
    private static func matches(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        var (text, pattern) = (text, pattern)
        var retreat: (text: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>)?
        while true {
            if pattern.first == UInt8(ascii: "*") {
                pattern = pattern.dropFirst()
                retreat = (text, pattern)
            } else if let byte = text.first, byte == pattern.first {
                text = text.dropFirst()
                pattern = pattern.dropFirst()
            } else if text.isEmpty, pattern.isEmpty {
                return true
            } else if let last = retreat, !last.text.isEmpty {
                text = last.text.dropFirst()
                pattern = last.pattern
                retreat = (text, pattern)
            } else {
                return false
            }
        }
    }
}

package enum Encryption: Hashable, Sendable {
    case aes256
    /// By a key of the account's, or AWS's own for ECR.
    case kms(key: String?)
    case doubleKMS(key: String?)

    init(word: String?, key: String?) {
        self =
            switch word {
            case "KMS": .kms(key: key)
            case "KMS_DSSE": .doubleKMS(key: key)
            default: .aes256
            }
    }

    var json: JSON {
        let (word, key): (String, String?) =
            switch self {
            case .aes256: ("AES256", nil)
            case .kms(let key): ("KMS", key)
            case .doubleKMS(let key): ("KMS_DSSE", key)
            }
        let members = [JSON.Member("encryptionType", .string(word))]
        return .object(members + (key.map { [.init("kmsKey", .string($0))] } ?? []))
    }
}

/// What a repository is to be like when it is made.
package struct RepositoryWish: Hashable, Sendable {
    package var mutability: TagMutability
    package var scansOnPush: Bool
    package var encryption: Encryption
    /// A policy of which images go, in ECR's own JSON.
    package var lifecyclePolicy: String?
    package var labels: [(key: String, value: String)] {
        get { pairs.map { ($0.key, $0.value) } }
        set { pairs = newValue.map { Pair(key: $0.key, value: $0.value) } }
    }
    private var pairs: [Pair] = []

    private struct Pair: Hashable {
        let key: String
        let value: String
    }

    package init(
        mutability: TagMutability = .immutable, scansOnPush: Bool = true,
        encryption: Encryption = .aes256, lifecyclePolicy: String? = nil
    ) {
        self.mutability = mutability
        self.scansOnPush = scansOnPush
        self.encryption = encryption
        self.lifecyclePolicy = lifecyclePolicy
    }
}
