import YAML

/// As whom a registry of AWS is asked, and what its repositories are like that are made on request.
package struct AWSProfile: Hashable, Sendable {
    /// Of the shared files (`~/.aws`), which may name a role; the standard chain of credentials if
    /// nothing is said.
    package let profile: String?
    /// Where ECR itself is asked, if not at AWS's own address for the region.
    package let endpoint: String?
    /// A repository that is missing is made like this; without it, it has to be there.
    package let create: NewRepository?

    package struct NewRepository: Hashable, Sendable {
        package enum Encryption: Hashable, Sendable {
            case aes256
            /// By this key, or by AWS's own for ECR.
            case kms(key: String?)
        }

        package let isImmutable: Bool
        package let scansOnPush: Bool
        package let encryption: Encryption
        /// The file with the lifecycle policy (JSON).
        package let lifecycle: String?
    }

    package init(
        profile: String? = nil, endpoint: String? = nil, create: NewRepository? = nil
    ) {
        self.profile = profile
        self.endpoint = endpoint
        self.create = create
    }

    static let shape = Shape<AWSProfile>.mapping(about: "as whom a registry of AWS is asked") {
        keys in
        let profile = keys.optional(
            "profile", .string, about: "the profile of the shared files (~/.aws)")
        let endpoint = keys.optional(
            "endpoint", .endpoint, about: "where ECR is asked, if not at AWS's own address")
        let create = keys.optional(
            "create", NewRepository.shape, about: "what a repository is like that is made")
        return AWSProfile(profile: profile, endpoint: endpoint, create: create)
    }
}

extension AWSProfile.NewRepository {
    fileprivate static let shape = Shape<Self>.mapping(
        about: "what a repository is like that is made when it is missing"
    ) { keys in
        let isImmutable = keys.optional(
            "immutable", .truth, about: "whether a tag may never be moved (true if not said)")
        let scansOnPush = keys.optional(
            "scan-on-push", .truth, about: "whether each image is scanned (true if not said)")
        let key = keys.optional(
            "kms-key", .string, about: "the key it is encrypted with; 'aws' for ECR's own")
        let lifecycle = keys.optional(
            "lifecycle", .hostFile, about: "the file with its lifecycle policy (JSON)")
        return Self(
            isImmutable: isImmutable ?? true, scansOnPush: scansOnPush ?? true,
            encryption: key.map { .kms(key: $0 == "aws" ? nil : $0) } ?? .aes256,
            lifecycle: lifecycle)
    }
}

extension Shape where Value == String {
    package static var endpoint: Shape {
        .text("an address such as 'https://ecr.example.com'") { text throws(Mistake) in
            guard text.hasPrefix("https://") || text.hasPrefix("http://") else {
                throw Mistake("'\(text)' is no address", hint: "begin it with 'https://'")
            }
            return text
        }
    }
}
