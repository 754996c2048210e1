import YAML

/// A registry that images are pushed to and looked up in: `registries/*.yml`, written by whoever
/// hosts the house. It says how the registry is reached and as whom; a pipeline has no say in that.
package struct RegistryProfile: Hashable, Sendable {
    package let name: RegistryName
    package let about: String?
    /// The host and port as they stand before the first `/` of a repository.
    package let host: String
    /// What may be pushed and watched there, without the host; any repository if nothing is said.
    package let repositories: [Glob]
    /// The secret with `user:password`; nobody in particular without one.
    package let credential: SecretName?
    /// Who has to have signed its certificate (PEM); whoever the machine trusts if nothing is said.
    package let authority: String?
    /// Whether it is spoken to without TLS, where it is not on this machine.
    package let isPlain: Bool
    /// What only a registry of AWS has.
    package let aws: AWSProfile?

    package init(
        name: RegistryName, about: String? = nil, host: String, repositories: [Glob] = [],
        credential: SecretName? = nil, authority: String? = nil, isPlain: Bool = false,
        aws: AWSProfile? = nil
    ) {
        self.name = name
        self.about = about
        self.host = host
        self.repositories = repositories
        self.credential = credential
        self.authority = authority
        self.isPlain = isPlain
        self.aws = aws
    }
}

extension RegistryProfile {
    package typealias Reading = ProfileReading<RegistryProfile>

    package static func read(_ bytes: [UInt8]) -> Reading {
        Reading(bytes, as: shape, emptyHint: "a registry has at least 'name' and 'host'")
    }

    private static let shape = Shape<RegistryProfile>.mapping(
        about: "a registry of images, and how it is reached"
    ) { keys in
        let name = keys.required("name", RegistryName.shape, about: "what it is called here")
        let about = keys.optional("about", .string, about: "what it is for")
        let host = keys.required(
            "host", .registryHost, about: "its host, with a port if it has one")
        let repositories = keys.optional(
            "repositories", .oneOrMany(.glob), about: "what may be pushed and watched there")
        let credential = keys.optional(
            "credential", SecretName.shape, about: "the secret with 'user:password'")
        let authority = keys.optional(
            "authority", .hostFile, about: "the file (PEM) of who signed its certificate")
        let isPlain = keys.optional(
            "plain-http", .truth, about: "speak to it without TLS, though it is not on this machine"
        )
        let aws = keys.optional("aws", AWSProfile.shape, about: "for a registry of AWS")
        if keys.has("aws"), keys.has("credential") {
            keys.findings.error(
                at: keys.keyPlace(of: "credential"),
                "a registry of AWS takes no password of ours: it gives one for each push",
                hint: "remove 'credential'; 'aws' says as whom it is asked")
        }
        guard let name, let host else { return nil }
        return RegistryProfile(
            name: name, about: about, host: host, repositories: repositories ?? [],
            credential: credential, authority: authority, isPlain: isPlain ?? false, aws: aws)
    }
}

extension Shape where Value == String {
    fileprivate static var registryHost: Shape {
        .text("a host such as 'registry.example.com:5000'") { text throws(Mistake) in
            let hint = "write it without 'https://' and without a path"
            for (offset, scalar) in text.unicodeScalars.enumerated() {
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", ".", "-", ":", "[", "]": continue
                default:
                    throw Mistake("'\(text)' is no host", at: offset, hint: hint)
                }
            }
            guard text.first.map({ $0.isLetter || $0.isNumber || $0 == "[" }) == true else {
                throw Mistake("'\(text)' is no host", hint: hint)
            }
            return text.lowercased()
        }
    }

    static var hostFile: Shape {
        .text("a file such as '/etc/ssl/our-authority.pem'") { text throws(Mistake) in
            guard text.hasPrefix("/"), !text.split(separator: "/").contains("..") else {
                throw Mistake(
                    "'\(text)' is no whole path of a file",
                    hint: "write it from the root of the machine, without '..'")
            }
            return text
        }
    }
}
