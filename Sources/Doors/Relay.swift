import CSystem
import Glibc
import Threads

/// Carries what is said through a door, all of it in one thread. What it connects to is in the
/// network of that thread, and who comes in is in that of the listener.
final class Relay {
    private static let mostEvents = 256
    private static let mostAccepted = 64
    private static let listenerName = UInt64.max
    private static let bellName = UInt64.max - 1
    /// What was said is brought out for at most so many seconds when the one inside has ended.
    private static let patience = 2
    private static let lookInterval: Int32 = 20

    private let listener: Int32
    private let wishes: DoorWishes
    private let port: UInt16
    private let most: Int
    private let epoll: Int32
    private var passages: [UInt64: Passage] = [:]
    private var line: [Passage] = []
    private var nextName: UInt64 = 0
    private var pipes = PipePool()
    private var buffer = [UInt8](repeating: 0, count: Stream.little)
    private var isListening = false
    /// When it is over at the latest, once it is to leave.
    private var leavesAt: Int?
    /// Nobody more can be taken in until somebody has gone.
    private var isFull = false

    init(
        from listener: Int32, to port: UInt16, most: Int, _ wishes: DoorWishes
    ) throws(DoorProblem) {
        self.most = most
        self.listener = listener
        self.port = port
        self.wishes = wishes
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw .last("watch connections") }
        watch(wishes.bell.descriptor, EPOLLIN.rawValue, Self.bellName)
    }

    deinit { close(epoll) }

    /// Until it is told to leave, and what was said is brought out.
    func run() {
        var events = unsafe [epoll_event](repeating: epoll_event(), count: Self.mostEvents)
        while !isOver {
            let time = line.isEmpty ? (leavesAt == nil ? -1 : Self.lookInterval) : 0
            let count = unsafe epoll_wait(epoll, &events, Int32(Self.mostEvents), time)
            for index in 0..<Int(max(0, count)) {
                let (name, seen) = unsafe (events[index].data.u64, events[index].events)
                switch name {
                case Self.bellName: obey()
                case Self.listenerName: welcome()
                default: hear(name, seen)
                }
            }
            moveOn()
            if leavesAt != nil { dismissFinished() }
        }
    }

    private var isOver: Bool {
        guard let leavesAt else { return false }
        return passages.isEmpty || Self.seconds >= leavesAt
    }

    private static var seconds: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec
    }

    private func obey() {
        wishes.bell.hush()
        switch wishes.current {
        case .closed: stopListening()
        case .open:
            if !isListening { watch(listener, EPOLLIN.rawValue, Self.listenerName) }
            isListening = true
        case .leaving, .gone:
            stopListening()
            leavesAt = Self.seconds + (wishes.current == .leaving ? Self.patience : 0)
        }
    }

    private func stopListening() {
        if isListening { forget(listener) }
        isListening = false
    }

    private func welcome() {
        for _ in 0..<Self.mostAccepted {
            guard passages.count < most else { return wait() }
            guard let outer = DoorSocket.accept(listener) else {
                let scarce: Set<Int32> = [EMFILE, ENFILE, ENOBUFS, ENOMEM]
                if scarce.contains(errno), !passages.isEmpty { wait() }
                return
            }
            lead(outer)
        }
    }

    private func wait() {
        isFull = true
        forget(listener)
    }

    private func lead(_ outer: Int32) {
        guard case .success(let inner) = DoorSocket.connect(to: wishes.inside, port) else {
            DoorSocket.reset(outer)
            close(outer)
            return
        }
        let passage = Passage(name: nextName, outer: outer, inner: inner)
        nextName += 1
        passages[passage.name] = passage
        watch(passage)
    }

    private func hear(_ name: UInt64, _ events: UInt32) {
        guard let passage = passages[name >> 1] else { return }
        if name & 1 == 0 { passage.outer.note(events) } else { passage.inner.note(events) }
        if passage.isConnecting {
            guard passage.inner.isWritable else { return }
            guard DoorSocket.failure(of: passage.inner.descriptor) == 0 else {
                return refuse(passage)
            }
            passage.isConnecting = false
        }
        advance(passage)
    }

    private func advance(_ passage: Passage) {
        switch passage.move(&buffer, &pipes) {
        case .waits: break
        case .goesOn:
            if !passage.isInLine { line.append(passage) }
            passage.isInLine = true
        case .isOver, .isBroken: remove(passage)
        }
    }

    private func moveOn() {
        var turns: [Passage] = []
        swap(&turns, &line)
        for passage in turns {
            passage.isInLine = false
            if passages[passage.name] != nil { advance(passage) }
        }
    }

    private func refuse(_ passage: Passage) {
        DoorSocket.reset(passage.outer.descriptor)
        remove(passage)
    }

    private func remove(_ passage: Passage) {
        passages[passage.name] = nil
        if isFull, isListening {
            isFull = false
            watch(listener, EPOLLIN.rawValue, Self.listenerName)
        }
    }

    /// Of those inside nobody is left, so who has brought out all waits for nobody.
    private func dismissFinished() {
        for passage in passages.values where passage.hasSaidAll || passage.isConnecting {
            remove(passage)
        }
    }

    private func watch(_ passage: Passage) {
        let events = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        watch(passage.outer.descriptor, events, passage.name << 1)
        watch(passage.inner.descriptor, events, passage.name << 1 | 1)
    }

    private func watch(_ descriptor: Int32, _ events: UInt32, _ name: UInt64) {
        var event = unsafe epoll_event(events: events, data: epoll_data(u64: name))
        _ = unsafe epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
    }

    private func forget(_ descriptor: Int32) {
        var event = unsafe epoll_event()
        _ = unsafe epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &event)
    }
}
