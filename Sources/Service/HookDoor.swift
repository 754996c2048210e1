import Engine
import Git
import HTTP
import JSON
import People
import Pipelines
import Server
import Synchronization
import Vault
import Watching
import Webhooks

/// Takes what forges send, and has somebody look where they say that something has happened.
///
/// Who sends gets to know nothing of it but whether it was right: what was wrong is told in the
/// journal, the first time at once and then counted, so that whoever knocks fills no disk.
final class HookDoor: Hooks {
    static let maximumSecrets = Webhook.maximumSecrets

    private let places: [SourceName: HookPlace]
    private let desk: FrontDesk
    private let vault: Vault
    private let journal: Journal
    private let look: @Sendable (RemoteAddress, [Push]) -> Void
    private let state = Mutex(State())

    private struct State: Sendable {
        var deliveries = Deliveries()
        var refusals = Tally<Refused>()
    }

    private struct Refused: Hashable, Sendable {
        let place: SourceName
        let forge: Forge
        let problem: String
        let hint: String
    }

    init(
        _ order: ServerOrder, _ desk: FrontDesk, _ vault: Vault,
        look: @escaping @Sendable (RemoteAddress, [Push]) -> Void
    ) {
        places = Dictionary(order.settings.hooks.map { ($0.name, $0) }) { first, _ in first }
        self.desk = desk
        self.vault = vault
        journal = order.journal
        self.look = look
    }

    func take(_ delivery: Delivery) throws(HookRefusal) -> Webhook.Kind {
        let now = desk.view.now
        guard let place = places[delivery.place] else {
            // The same work as for one that is there, so that time tells nobody which are.
            let other = places.values.first
            _ = try? verify(delivery, by: other.map(secrets) ?? [], at: now)
            note(
                delivery, "there is no hook of this name",
                hint: "the settings name those that there are", at: now)
            throw .wrong
        }
        let secrets = secrets(of: place)
        if secrets.isEmpty {
            let names = place.secrets.map { "'\($0)'" }.joined(separator: " and ")
            note(
                delivery, "nothing is known by the name of \(names)",
                hint: "set the secret: slipway secrets set \(place.secrets[0])", at: now)
            throw .wrong
        }
        do throws(HookRefusal) {
            let hook = try verify(delivery, by: secrets, at: now)
            try take(hook, to: place, now)
            if hook.kind == .push { tell(of: hook, delivery.body, at: place) }
            return hook.kind
        } catch {
            note(delivery, error.problem, hint: error.hint, at: now)
            throw error
        }
    }

    /// What has been counted for long enough.
    func tellDue() {
        let now = desk.view.now.steady.milliseconds
        say(state.withLock { $0.refusals.due(at: now) })
    }

    /// Everything that was counted, before the server goes down.
    func close() { say(state.withLock { $0.refusals.close() }) }

    private func secrets(of place: HookPlace) -> [HookSecret] {
        place.secrets.compactMap { name in
            (try? vault.value(of: name)).flatMap { HookSecret($0) }
        }
    }

    private func verify(
        _ delivery: Delivery, by secrets: [HookSecret], at now: Moment
    ) throws(HookRefusal) -> Webhook {
        try Webhook.verify(
            delivery.forge, headers: delivery.headers.map { ($0.name, $0.value) },
            body: delivery.body, secrets: secrets, now: now.wall / 1_000)
    }

    private func take(
        _ hook: Webhook, to place: HookPlace, _ now: Moment
    ) throws(HookRefusal) {
        let result: Result<Void, HookRefusal> = state.withLock { state in
            do throws(HookRefusal) {
                let time = now.steady.milliseconds
                try state.deliveries.take(hook, to: place.name.description, at: time)
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    /// The body says who pushed. Without it somebody looks all the same.
    private func tell(of hook: Webhook, _ body: [UInt8], at place: HookPlace) {
        let details = (try? JSON(parsing: body)).map { hook.details(in: $0) }
        var pushes: [Push] = []
        if let ref = details?.ref, let commit = details?.commit {
            pushes.append(Push(ref: ref, commit: commit, pusher: details?.pusher))
        }
        for text in place.repositories {
            guard let address = try? RemoteAddress(parsing: text) else { continue }
            look(address, pushes)
        }
    }

    private func note(
        _ delivery: Delivery, _ problem: String, hint: String, at now: Moment
    ) {
        let refused = Refused(
            place: delivery.place, forge: delivery.forge, problem: problem, hint: hint)
        say(state.withLock { $0.refusals.note(refused, at: now.steady.milliseconds) })
    }

    private func say(_ counts: [Tally<Refused>.Count]) {
        for told in counts {
            guard let refused = told.kind else {
                journal.warn("more deliveries were refused", ["times": .int(told.count)])
                continue
            }
            journal.warn(
                "a delivery was refused: \(refused.problem)",
                [
                    "hook": .string("\(refused.place)"), "forge": .string(refused.forge.rawValue),
                    "times": .int(told.count), "hint": .string(refused.hint),
                ])
        }
    }
}
