package import AWS
import Assignments
import Cloud
package import Deployment
import Glibc
package import Pipelines
import Synchronization
package import Threads

/// Keeps what is deployed at AWS as environments want it: it asks how far AWS is, says what it
/// heard, and has AWS begin or go back. It decides nothing, and has nothing in mind that AWS or the
/// record does not know.
///
/// One thread does it all, and sleeps while AWS is charged with nothing.
package final class CloudEstate: Estate, Sendable {
    /// Reads a template, by the digest of its artifact and its path there.
    package typealias Templates = @Sendable (_ artifact: String, _ path: String) throws -> [UInt8]

    private let access: AWSAccess
    private let pace: AskingPace
    private let templates: Templates
    private let makeOutside: @Sendable (@escaping @Sendable () -> Bool) throws -> Outside
    private let wake: @Sendable () -> Void
    private let bell: Bell
    private let shared = Mutex(Shared())

    private struct Shared {
        var sites: [EnvironmentName: Site] = [:]
        var facts: [EnvironmentName: SiteFacts] = [:]
        var thread: OwnThread?
        var isStopping = false
    }

    /// `wake` is called when there is something new among the facts.
    package init(
        _ access: AWSAccess, pace: AskingPace = AskingPace(), templates: @escaping Templates,
        outside: @escaping @Sendable (@escaping @Sendable () -> Bool) throws -> Outside = {
            try Outside.world(goesOn: $0)
        },
        wake: @escaping @Sendable () -> Void
    ) throws(Shortage) {
        bell = try Bell()
        self.access = access
        self.pace = pace
        self.templates = templates
        makeOutside = outside
        self.wake = wake
    }

    package var facts: [EnvironmentName: SiteFacts] { shared.withLock { $0.facts } }

    package func keep(_ sites: [EnvironmentName: Site]) {
        let isNew = shared.withLock { shared in
            defer { shared.sites = sites }
            return shared.sites != sites
        }
        if isNew { bell.ring() }
    }

    package func start() throws(Shortage) {
        let thread = try OwnThread { self.work() }
        shared.withLock { $0.thread = thread }
    }

    /// What AWS has begun goes on without us.
    package func stop() {
        let thread = shared.withLock { shared in
            shared.isStopping = true
            return shared.thread
        }
        bell.ring()
        thread?.join()
    }

    private var goesOn: Bool { shared.withLock { !$0.isStopping } }

    private func work() {
        let asker = Asker()
        var inquiries: [EnvironmentName: Inquiry] = [:]
        while goesOn {
            let sites = shared.withLock { $0.sites }
            inquiries = inquiries.filter { sites[$0.key] != nil }
            for (name, site) in sites.sorted(by: { $0.key < $1.key }) {
                guard let charge = site.wants(at: .zero).charge else {
                    inquiries[name] = nil
                    continue
                }
                var inquiry = inquiries[name] ?? Inquiry(pace)
                if inquiry.isDue(charge), goesOn {
                    let word = word(of: charge, site, name, asker)
                    inquiry.note(word, of: charge)
                    tell(ChargeReport(charge.serial, word), of: name)
                }
                inquiries[name] = inquiry
            }
            forget(allBut: Set(inquiries.keys))
            wait(inquiries.values.compactMap(\.due).min())
        }
    }

    private func tell(_ report: ChargeReport, of name: EnvironmentName) {
        let isNew = shared.withLock { shared in
            defer { shared.facts[name, default: SiteFacts()].charge = report }
            return shared.facts[name]?.charge != report
        }
        if isNew { wake() }
    }

    private func forget(allBut names: Set<EnvironmentName>) {
        shared.withLock { shared in shared.facts = shared.facts.filter { names.contains($0.key) } }
    }

    private func wait(_ due: ContinuousClock.Instant?) {
        let time = due.map { max(0, ($0 - .now).milliseconds + 1) } ?? -1
        var waited = [pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0)]
        _ = unsafe poll(&waited, 1, Int32(clamping: time))
        bell.hush()
    }

    // MARK: - One look

    private func word(
        of charge: Charge, _ site: Site, _ name: EnvironmentName, _ asker: Asker
    ) -> ChargeReport.Word {
        do {
            return try errand(charge, site, name, asker).attend()
        } catch let problem as AWSProblem where problem.mayPass {
            return .underWay("AWS is asked again: \(problem.problem)")
        } catch {
            // On the way back nothing is left to try but this, until its time is over.
            if case .undo = charge.aim { return .underWay("it cannot be undone yet: \(error)") }
            return .failed("\(error)")
        }
    }

    private func errand(
        _ charge: Charge, _ site: Site, _ name: EnvironmentName, _ asker: Asker
    ) throws -> Errand {
        guard let order = site.rollout?.order, let handover = order.release.handover else {
            throw Hindrance("nothing says what AWS is to run", hint: "deploy it again")
        }
        try access.check(handover.ecs)
        let manner: ECSManner
        do throws(Mistake) {
            manner = try ECSManner(order.strategy, by: handover.ecs)
        } catch {
            throw Hindrance(error.problem, hint: error.hint)
        }
        let client = try client(of: asker)
        return Errand(
            environment: name, charge: charge, release: order.release, handover: handover,
            manner: manner, cloud: Cloud(handover.ecs.region, by: client)
        ) { [templates] path in
            guard let artifact = handover.templates else {
                throw Hindrance(
                    "nobody gives '\(path)'", hint: "name the artifact that has it as 'templates'")
            }
            do {
                return try templates(artifact, path)
            } catch {
                throw Hindrance(
                    "cannot read '\(path)' of the templates: \(error)",
                    hint: "let the artifact have it, as a file and no link")
            }
        }
    }

    private func client(of asker: Asker) throws -> AWSClient {
        if let client = asker.client { return client }
        let outside = try makeOutside { [weak self] in self?.goesOn ?? false }
        let client = try access.client(outside)
        asker.client = client
        return client
    }
}

/// Who asks AWS, in the thread that owns it: it keeps credentials until they expire.
private final class Asker {
    var client: AWSClient?
}

/// When AWS is asked again about one environment.
private struct Inquiry {
    private var pace: AskingPace
    private var last: (charge: Charge, word: ChargeReport.Word)?
    /// Nothing where there is nothing to ask until something else happens.
    private(set) var due: ContinuousClock.Instant?

    init(_ pace: AskingPace) { self.pace = pace }

    /// At once where it is another charge, or another step of it.
    func isDue(_ charge: Charge) -> Bool {
        guard let last, last.charge.serial == charge.serial, last.charge.token == charge.token
        else { return true }
        return due.map { $0 <= .now } ?? false
    }

    mutating func note(_ word: ChargeReport.Word, of charge: Charge) {
        let isSame = last.map { $0.word == word && $0.charge.serial == charge.serial } ?? false
        last = (charge, word)
        switch word {
        case .underWay: due = .now + pace.next(isNews: !isSame)
        case .ready, .done, .failed: due = nil
        }
    }
}
