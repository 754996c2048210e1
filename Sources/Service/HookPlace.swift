package import Pipelines

/// Where forges tell of pushes, as the settings name it: which repositories they tell of, and the
/// secrets that they know.
package struct HookPlace: Hashable, Sendable {
    package static let maximumPlaces = 1_000
    static let maximumRepositories = 16

    package let name: SourceName
    /// One repository can be known by several addresses: each as a definition writes it.
    package let repositories: [String]
    package let secrets: [SecretName]
}

extension HookPlace {
    package static let shape = Shape<[(SourceName, Body)]>.dictionary(
        keys: SourceName.shape, values: body
    ).map { entries in
        entries.map { name, body in
            HookPlace(name: name, repositories: body.repositories, secrets: body.secrets)
        }
    }

    package struct Body: Sendable {
        fileprivate let repositories: [String]
        fileprivate let secrets: [SecretName]
    }

    private static let body = Shape<Body>.mapping(about: "where forges tell of pushes") { keys in
        let git = keys.required(
            "git", .oneOrMany(.address), about: "the repository, as the definitions write it")
        let secrets = keys.required(
            "secrets", .oneOrMany(SecretName.shape),
            about: "the secret that the forge signs with; two while it is changed")
        if let count = git?.count, count > maximumRepositories {
            keys.findings.error(
                at: keys.place(of: "git"), "there are \(count) addresses",
                hint: "use \(maximumRepositories) or less; give each repository a name of its own")
        }
        if let count = secrets?.count, !(1...HookDoor.maximumSecrets ~= count) {
            keys.findings.error(
                at: keys.place(of: "secrets"), "there are \(count) secrets",
                hint: "name one, or two while one takes the other's place")
        }
        guard let git, let secrets else { return nil }
        return Body(repositories: git, secrets: secrets)
    }
}
