package import Engine
import JSON
package import Notices
import Pipelines
import SmallFiles
import Synchronization
package import Threads

/// Tells one receiver, in a thread of its own, what the record says and its rule asks for.
///
/// What is still to be told is what stands on the record behind its place, so nothing waits in
/// memory, a house that goes down forgets nothing, and a receiver that does not answer keeps nobody
/// but itself. Its place is kept after each notice: one that was on its way when the house went
/// down is sent again, with the same id.
package final class Messenger: Sendable {
    /// How many records are read at once.
    private static let page = 200
    /// How many records without a notice may come before its place is kept all the same.
    private static let unkept = 5_000
    /// When the record could not be read.
    private static let troubled: Duration = .seconds(5)

    /// Where it learns what happened. Asked by its own thread only.
    package struct Books: Sendable {
        /// Up to so many records after a sequence.
        package let records: @Sendable (_ after: Int, _ limit: Int) throws -> [Record]
        package let view: @Sendable () -> (state: EngineState, now: Moment)

        package init(
            records: @escaping @Sendable (_ after: Int, _ limit: Int) throws -> [Record],
            view: @escaping @Sendable () -> (state: EngineState, now: Moment)
        ) {
            self.records = records
            self.view = view
        }
    }

    /// What whoever runs the house should know.
    package enum News: Hashable, Sendable {
        case told(String)
        /// It is tried again.
        case late(String, because: String)
        case gaveUp(String, because: String)
        /// The record cannot be read, or the place not kept.
        case trouble(String)
    }

    package let rule: NoticeRule
    private let carrier: any Carrier
    private let path: String
    private let address: String?
    private let books: Books
    private let tell: @Sendable (News) -> Void
    private let bell: Bell
    private let end: Bell
    private let thread = Mutex<OwnThread?>(nil)

    /// `folder` is where its place is kept. Nothing is told before `start`.
    package init(
        _ rule: NoticeRule, by carrier: any Carrier, in folder: String, address: String? = nil,
        books: Books, tell: @escaping @Sendable (News) -> Void
    ) throws(Shortage) {
        bell = try Bell()
        end = try Bell()
        self.rule = rule
        self.carrier = carrier
        path = "\(folder)/\(rule.name).place"
        self.address = address
        self.books = books
        self.tell = tell
    }

    /// Once.
    package func start() throws(Shortage) {
        let running = try OwnThread { self.run() }
        thread.withLock { $0 = running }
    }

    /// Something has been put on the record. From any thread, as often as one likes.
    package func ring() { bell.ring() }

    /// Returns when its thread has ended. What was on its way is sent again by the next.
    package func stop() {
        end.ring()
        bell.ring()
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
    }

    private var isEnding: Bool { end.isRung }

    private func run() {
        guard var place = opening() else { return }
        var maker = NoticeMaker(rule, failing: place.failing, address: address)
        while !isEnding {
            bell.hush()
            let records: [Record]
            do {
                records = try books.records(place.sequence, Self.page)
            } catch {
                tell(.trouble("the record cannot be read: \(error)"))
                end.wait(Self.troubled)
                continue
            }
            if records.isEmpty { bell.wait(.seconds(3_600)) }
            let state = books.view().state
            for record in records {
                let notice = maker.take(record, in: state)
                if let notice, !deliver(notice) { return }
                let kept = place.sequence
                place = NoticePlace(sequence: record.sequence, failing: maker.failing)
                let isFar = record.sequence.isMultiple(of: Self.unkept) && kept > 0
                if notice != nil || isFar { keep(place) }
            }
        }
    }

    /// Where it goes on; a new rule begins with what comes next. Nothing if the house ends first.
    private func opening() -> NoticePlace? {
        while !isEnding {
            do throws(FileProblem) {
                if let place = try NoticePlace(reading: path) { return place }
                let state = books.view().state
                let maker = NoticeMaker(rule, startingAt: state)
                let place = NoticePlace(sequence: state.sequence, failing: maker.failing)
                try place.write(to: path)
                return place
            } catch {
                tell(.trouble("'\(path)' cannot be used: \(error)"))
                end.wait(Self.troubled)
            }
        }
        return nil
    }

    /// Whether it is done with; not if the house ends first.
    private func deliver(_ notice: Notice) -> Bool {
        var patience = Patience()
        let body = Array(notice.body.text.utf8)
        while !isEnding {
            let now = books.view().now
            let parcel = Parcel(id: notice.id, time: now.wall / 1_000, body: body)
            guard let reception = carrier.carry(parcel, interrupt: end) else { break }
            let age = books.view().now.steady - notice.at.steady
            switch patience.next(after: reception, age: age) {
            case .done:
                tell(.told(notice.id))
                return true
            case .giveUp(let problem):
                tell(.gaveUp(notice.id, because: problem))
                return true
            case .again(let pause):
                tell(.late(notice.id, because: reception.problem))
                end.wait(pause)
            }
        }
        return false
    }

    private func keep(_ place: NoticePlace) {
        do throws(FileProblem) {
            try place.write(to: path)
        } catch { tell(.trouble("'\(path)' cannot be written: \(error)")) }
    }
}

extension Patience.Reception {
    fileprivate var problem: String {
        switch self {
        case .taken: ""
        case .rejected(let problem), .failed(let problem): problem
        }
    }
}
