import Addresses
import Engine
import Glibc
import JSON
import Messengers
import Notices
import Pipelines
import SmallFiles
import Store
import Synchronization
import Vault

/// Has everybody told who wants to be, each by a messenger of their own.
final class Noticeboard: Sendable {
    private let messengers: [Messenger]
    private let listening = Mutex<(any Sendable)?>(nil)

    init(_ order: ServerOrder, _ desk: FrontDesk, _ vault: Vault) throws {
        let rules = order.settings.notifications
        let folder = "\(order.home)/notices"
        if !rules.isEmpty, unsafe mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw FileProblem.last
        }
        messengers = try rules.map { rule in
            let home = order.home
            let books = Messenger.Books(
                records: { try Archive.open(home).records(after: $0, limit: $1) },
                view: { desk.view })
            return try Messenger(
                rule, by: Self.carrier(for: rule, order, vault), in: folder,
                address: order.settings.address, books: books
            ) { Self.tell($0, of: rule, order.journal) }
        }
    }

    func start(_ desk: FrontDesk) throws {
        for messenger in messengers { try messenger.start() }
        let messengers = messengers
        let heard = desk.listen { for messenger in messengers { messenger.ring() } }
        listening.withLock { $0 = heard }
    }

    func stop() {
        listening.withLock { $0 = nil }
        for messenger in messengers { messenger.stop() }
    }

    private static func carrier(
        for rule: NoticeRule, _ order: ServerOrder, _ vault: Vault
    ) -> any Carrier {
        switch rule.target {
        case .command(let words): CommandCarrier(words)
        case .webhook(let url, let secret):
            WebhookCarrier(
                to: url, addresses: order.settings.reach,
                authorities: order.settings.authorities.map(order.path)
            ) { try? vault.value(of: secret) }
        }
    }

    private static func tell(_ news: Messenger.News, of rule: NoticeRule, _ journal: Journal) {
        let name = JSON.string("\(rule.name)")
        switch news {
        case .told: break
        case .late(let id, let reason):
            journal.warn(
                "a notice is late: \(reason)", ["notification": name, "notice": .string(id)])
        case .gaveUp(let id, let reason):
            journal.fail(
                "a notice is given up: \(reason)", ["notification": name, "notice": .string(id)])
        case .trouble(let text): journal.fail(text, ["notification": name])
        }
    }
}
