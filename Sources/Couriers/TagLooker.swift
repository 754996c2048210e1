import AWS
import Addresses
import Attempts
import ECR
import Git
import Images
import Registry

/// Asks registries for tags. What AWS gives for a password is kept in memory, so that a look now
/// and then does not ask for one each time.
struct TagLooker {
    /// AWS's hold for half a day.
    private static let keeping = Duration.seconds(3_600)
    private static let mostKept = 64
    /// Less than the silence that a courier may keep, so that what is wrong can still be told.
    private static let silentSeconds = 15

    private struct Kept {
        let login: Login
        let until: ContinuousClock.Instant
    }

    private struct Lock: Hashable {
        let host: String
        let door: RegistryDoor
    }

    private var kept: [Lock: Kept] = [:]

    mutating func look(
        _ question: TagQuestion, obey: (AddressPolicy) -> Void, notice: @escaping () -> Void
    ) throws(GitError) -> FoundTag {
        let operation = RegistryClient.looking(at: question.reference)
        do {
            return try ask(question, obey, notice)
        } catch let problem as RegistryProblem {
            throw GitError(problem, operation)
        } catch let problem as AWSProblem {
            throw GitError(
                .unauthorized, operation, problem: problem.problem, hint: problem.hint)
        } catch {
            throw GitError(
                .other, operation, problem: "\(error)", hint: "look at this machine's own limits")
        }
    }

    private mutating func ask(
        _ question: TagQuestion, _ obey: (AddressPolicy) -> Void, _ notice: @escaping () -> Void
    ) throws -> FoundTag {
        let host = question.repository.host
        var route = RegistryRoute(
            host, authorities: question.door.spec.authority,
            transport: question.door.spec.isPlain ? .plain : nil)
        route.addresses = question.addresses
        route.tries = 1
        route.silentSeconds = Self.silentSeconds
        switch ECRHost("\(host)") {
        case .publicGallery, .other: route.login = try question.door.login
        case .registry(let registry):
            // Who the machine is, its own metadata may tell; no definition names that address.
            obey(.anywhere)
            let lock = Lock(host: "\(host)", door: question.door)
            if let known = kept[lock], known.until > .now {
                route.login = known.login
                do {
                    return try ask(question, by: route, obey)
                } catch let problem as RegistryProblem where problem.kind == .denied {
                    obey(.anywhere)
                }
            }
            let login = try Self.login(to: registry, by: question.door, notice)
            if kept.count >= Self.mostKept { kept = [:] }
            kept[lock] = Kept(login: login, until: .now + Self.keeping)
            route.login = login
        }
        return try ask(question, by: route, obey)
    }

    private func ask(
        _ question: TagQuestion, by route: RegistryRoute, _ obey: (AddressPolicy) -> Void
    ) throws -> FoundTag {
        obey(question.addresses)
        let client = RegistryClient(route, stop: try StopSignal())
        switch try client.look(at: question.reference, known: question.known) {
        case .missing: return .missing
        case .unchanged: return .unchanged
        case .manifest(let digest, _, _): return .image(digest)
        }
    }

    private static func login(
        to registry: ECRRegistry, by door: RegistryDoor, _ notice: @escaping () -> Void
    ) throws -> Login {
        let variables = door.access.reduce(into: [String: String]()) { variables, handed in
            guard let name = handed.variable else { return }
            variables[name] = String(decoding: handed.value, as: UTF8.self)
        }
        let ecr = try ECR.opened(
            registry, variables: variables, profile: door.spec.aws?.profile,
            endpoint: door.spec.aws?.endpoint
        ) {
            notice()
            return true
        }
        let login = try ecr.login()
        return Login(user: login.user, password: login.password.reveal())
    }
}

extension RegistryDoor {
    /// Its own `user:password`; nothing if nobody is to be told who asks.
    fileprivate var login: Login? {
        get throws(RegistryProblem) {
            guard let own = access.first(where: { $0.variable == nil }) else { return nil }
            guard let login = Login(written: own.value) else {
                throw RegistryProblem(
                    .denied, "the registry's credential is no 'user:password'",
                    hint: "store it so: slipway secrets set NAME, with the text 'user:password'")
            }
            return login
        }
    }
}

extension GitError {
    fileprivate init(_ problem: RegistryProblem, _ operation: String) {
        let kind: Kind =
            switch problem.kind {
            case .denied: .unauthorized
            case .missing: .unknownName
            case .gaveUp: .unreachable
            case .lied, .damaged: .corrupt
            case .unsafe: .untrusted
            case .refused, .stopped: .other
            }
        // It may begin with what it is about, as this does.
        let own = "cannot \(operation): "
        let words = problem.problem
        self.init(
            kind, operation,
            problem: words.hasPrefix(own) ? String(words.dropFirst(own.count)) : words,
            hint: problem.hint, pause: problem.retryAfter.map { .milliseconds($0) })
    }
}
