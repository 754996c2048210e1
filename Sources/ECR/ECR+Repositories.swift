package import AWS
import JSON

extension ECR {
    /// A repository, and whether it had to be made.
    package struct Ensured: Hashable, Sendable {
        package let repository: ECRRepository
        package let isNew: Bool
        /// In what it is otherwise than was wished. What is there belongs to somebody and stays.
        package let differences: [String]
    }

    /// Makes sure that there is one. Without a wish, one that is missing is a problem.
    package func ensure(
        _ name: String, as wish: RepositoryWish?
    ) throws(AWSProblem) -> Ensured {
        if let found = try repository(name) { return Self.ensured(found, wish) }
        guard let wish else {
            throw AWSProblem(
                .settings,
                "there is no repository '\(name)' in the registry of account \(registry.account) "
                    + "in \(registry.region)",
                hint: "make it, or let the action do so with 'create'")
        }
        let made: ECRRepository
        do {
            made = try create(name, as: wish)
        } catch  where error.code == "RepositoryAlreadyExistsException" {
            // Somebody was faster.
            guard let found = try repository(name) else { throw error }
            return Self.ensured(found, wish)
        }
        if let policy = wish.lifecyclePolicy {
            _ = try ask(
                "PutLifecyclePolicy", of: name, [.init("lifecyclePolicyText", .string(policy))],
                for: Nothing.self)
        }
        return Ensured(repository: made, isNew: true, differences: [])
    }

    /// Nothing if there is none.
    package func repository(_ name: String) throws(AWSProblem) -> ECRRepository? {
        do {
            let answer = try ask(
                "DescribeRepositories",
                [
                    .init("registryId", .string(registry.account)),
                    .init("repositoryNames", [.string(name)]),
                ], for: Listed.self)
            return answer.repositories.first { $0.repositoryName == name }?.repository
        } catch  where error.code == "RepositoryNotFoundException" {
            return nil
        }
    }

    private func create(
        _ name: String, as wish: RepositoryWish
    ) throws(AWSProblem) -> ECRRepository {
        var members = wish.mutability.members
        members.append(
            .init("imageScanningConfiguration", ["scanOnPush": .bool(wish.scansOnPush)]))
        members.append(.init("encryptionConfiguration", wish.encryption.json))
        if !wish.labels.isEmpty {
            let tags = wish.labels.map { label -> JSON in
                ["Key": .string(label.key), "Value": .string(label.value)]
            }
            members.append(.init("tags", .array(tags)))
        }
        return try ask("CreateRepository", of: name, members, for: Made.self).repository.repository
    }

    static func ensured(_ found: ECRRepository, _ wish: RepositoryWish?) -> Ensured {
        Ensured(
            repository: found, isNew: false,
            differences: wish.map { Self.differences(found, $0) } ?? [])
    }

    /// A key that nobody has named is AWS's own choice.
    private static func differences(_ found: ECRRepository, _ wish: RepositoryWish) -> [String] {
        var differences: [String] = []
        if found.mutability != wish.mutability {
            differences.append(
                "its tags are \(found.mutability.word) and not \(wish.mutability.word)")
        }
        if found.scansOnPush != wish.scansOnPush {
            let how = found.scansOnPush ? "are" : "are not"
            differences.append("its images \(how) scanned when they are pushed")
        }
        if !found.encryption.isAs(wish.encryption) {
            differences.append("its encryption is another")
        }
        return differences
    }

    private struct Nothing: Decodable {}

    private struct Listed: Decodable { let repositories: [Told] }

    private struct Made: Decodable { let repository: Told }

    private struct Told: Decodable {
        struct Scanning: Decodable { let scanOnPush: Bool? }
        struct Encrypting: Decodable {
            let encryptionType: String?
            let kmsKey: String?
        }
        struct Filter: Decodable { let filter: String }

        let repositoryName: String
        let repositoryUri: String?
        let imageTagMutability: String?
        let imageTagMutabilityExclusionFilters: [Filter]?
        let imageScanningConfiguration: Scanning?
        let encryptionConfiguration: Encrypting?

        var repository: ECRRepository {
            ECRRepository(
                name: repositoryName, uri: repositoryUri ?? "",
                mutability: TagMutability(
                    word: imageTagMutability,
                    exclusions: imageTagMutabilityExclusionFilters?.map(\.filter) ?? []),
                scansOnPush: imageScanningConfiguration?.scanOnPush ?? false,
                encryption: Encryption(
                    word: encryptionConfiguration?.encryptionType,
                    key: encryptionConfiguration?.kmsKey))
        }
    }
}

extension Encryption {
    fileprivate func isAs(_ wish: Encryption) -> Bool {
        switch (self, wish) {
        case (.kms, .kms(nil)), (.doubleKMS, .doubleKMS(nil)): true
        default: self == wish
        }
    }
}
