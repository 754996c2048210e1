import AWS
import Attempts
import ECR
import Images
import Logins
import Registry

/// What a registry of AWS wants besides: somebody who may, a repository, and tags that are free.
struct ECRDoor {
    /// How long a scan is waited for.
    private static let patience = 900

    private let ecr: ECR
    private let repository: Repository
    private let wish: RepositoryWish?
    private let gate: ScanGate?

    /// Nothing if it is no registry of AWS.
    init?(
        _ repository: Repository, _ image: ImageSpec, _ purse: Purse, stop: StopSignal
    ) throws {
        let spec = image.registry.aws
        let found: ECRRegistry
        switch ECRHost("\(repository.host)") {
        case .registry(let registry): found = registry
        case .publicGallery: throw ECRHost.galleryProblem
        case .other:
            guard image.failOn == nil else {
                throw Unshippable(
                    "'fail-on' asks for a scan, and '\(repository.host)' is no registry of AWS",
                    hint: "remove it, or push to a registry that scans")
            }
            return nil
        }
        ecr = try ECR.opened(
            found, variables: purse.variables, profile: spec?.profile, endpoint: spec?.endpoint
        ) { !stop.isSet }
        self.repository = repository
        wish = spec?.create.map(RepositoryWish.init)
        gate = image.failOn.flatMap(Severity.init(rawValue:)).map(ScanGate.init(failingOn:))
    }

    func login() throws(AWSProblem) -> Login {
        let login = try ecr.login()
        return Login(user: login.user, password: login.password.reveal())
    }

    /// Sees to it that there is a repository, and finds out which of the tags are taken.
    func prepare(tags: [String], say: (String) -> Void) throws -> TakenTags {
        let ensured = try ecr.ensure(repository.path, as: wish)
        if ensured.isNew { say("made repository '\(repository.path)'") }
        for difference in ensured.differences {
            say("repository '\(repository.path)' stays as it is: \(difference)")
        }
        let found =
            tags.isEmpty || ensured.isNew ? [:] : try ecr.digests(of: tags, in: repository.path)
        return TakenTags(found: found, repository: ensured.repository)
    }

    /// Lets it pass or not by what the scan has found.
    func judge(_ digest: String, say: (String) -> Void) throws {
        guard let gate else { return }
        say("waiting for the scan of \(digest)")
        let verdict = try ecr.verdict(
            of: gate, on: digest, in: repository.path, patience: Self.patience)
        switch verdict {
        case .pass(let summary), .wait(let summary): say("the scan says: \(summary)")
        case .fail(let problem, let hint): throw Unshippable(problem, hint: hint)
        }
    }
}

/// The tags of a push that are on an image already.
struct TakenTags {
    let found: [String: String]
    let repository: ECRRepository

    /// Some of them may not move.
    var mayRefuse: Bool { found.keys.contains { !repository.mutability.mayMove($0) } }

    /// Throws where one is on another image for good.
    func judge(_ digest: String) throws(Unshippable) {
        for (tag, found) in found.sorted(by: { $0.key < $1.key }) {
            let decision = TagDecision(tag, for: digest, found: found, in: repository)
            if case .refused(let problem, let hint) = decision {
                throw Unshippable(problem, hint: hint)
            }
        }
    }
}

extension RepositoryWish {
    fileprivate init(_ spec: AWSSpec.NewRepository) {
        self.init(
            mutability: spec.isImmutable ? .immutable : .mutable, scansOnPush: spec.scansOnPush,
            encryption: spec.isKMS ? .kms(key: spec.kmsKey) : .aes256,
            lifecyclePolicy: spec.lifecycle)
    }
}
