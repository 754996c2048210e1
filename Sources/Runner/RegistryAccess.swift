package import Attempts
package import Pipelines

/// How the registries that this machine knows are reached, and what AWS's chain of credentials may
/// look at.
package struct RegistryAccess: Sendable {
    private let profiles: [RegistryProfile]
    /// Variables of the house itself: `AWS_…`, and where its user's files are.
    private let environment: [String: String]

    package init(_ profiles: [RegistryProfile], environment: [String: String]) {
        self.profiles = profiles
        self.environment = environment
    }

    /// What a supervisor or courier is told of the registry of a repository, which begins with its
    /// host, and what it is handed for it.
    package func way(
        to repository: String, secret: (SecretName) -> [UInt8]?
    ) throws(TreeProblem) -> (RegistrySpec, [HandedSecret]) {
        let (host, path) = try Self.split(repository)
        guard let profile = profiles.first(where: { $0.host == host }) else {
            return (RegistrySpec(), variables)
        }
        guard profile.repositories.admit(path) else {
            throw TreeProblem(
                "registry '\(profile.name)' does not allow '\(path)', only "
                    + "\(oneOf(profile.repositories.map(\.text))); its profile can say so under "
                    + "'repositories'")
        }
        guard let name = profile.credential else { return (profile.spec, variables) }
        guard let value = secret(name) else {
            throw TreeProblem(
                "there is no secret '\(name)' here, which registry '\(profile.name)' asks for"
            )
        }
        return (profile.spec, [HandedSecret(name: Self.credential, value: value, variable: nil)])
    }

    /// Whether whoever hosts the machine has named the registry of a repository.
    func knows(_ repository: String) -> Bool {
        let host = repository.prefix { $0 != "/" }.lowercased()
        return profiles.contains { $0.host == host }
    }

    /// What a registry's own `user:password` is called among what a supervisor is handed.
    package static let credential = "registry"

    private var variables: [HandedSecret] {
        environment.sorted { $0.key < $1.key }.map { name, value in
            HandedSecret(name: name, value: Array(value.utf8), variable: name)
        }
    }

    private static func split(_ repository: String) throws(TreeProblem) -> (String, String) {
        guard let slash = repository.firstIndex(of: "/") else {
            throw TreeProblem(
                "'\(repository)' names no registry: begin it with the registry's host, such as "
                    + "'registry.example.com/\(repository)'")
        }
        return (
            repository[..<slash].lowercased(), String(repository[repository.index(after: slash)...])
        )
    }
}

extension RegistryProfile {
    fileprivate var spec: RegistrySpec {
        var spec = RegistrySpec()
        spec.isPlain = isPlain
        spec.authority = authority
        spec.aws = aws?.spec
        return spec
    }
}

extension AWSProfile {
    fileprivate var spec: AWSSpec {
        var spec = AWSSpec()
        spec.profile = profile
        spec.endpoint = endpoint
        spec.create = create?.spec
        return spec
    }
}

extension AWSProfile.NewRepository {
    fileprivate var spec: AWSSpec.NewRepository {
        let key: String? = if case .kms(let key) = encryption { key } else { nil }
        return AWSSpec.NewRepository(
            isImmutable: isImmutable, scansOnPush: scansOnPush, isKMS: encryption != .aes256,
            kmsKey: key, lifecycle: lifecycle)
    }
}
