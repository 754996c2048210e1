import CSystem
import Glibc
import Threads

/// Sockets whose other side may hang up, and words of other threads; one thread waits for both.
struct Watchlist: ~Copyable, Sendable {
    private static let most = 128
    private static let word = UInt64.max
    private let list: Int32
    private let words: Bell

    /// What has been noticed.
    struct News {
        var hungUp: [UInt64] = []
        var isSpokenTo = false
    }

    init() throws(Shortage) {
        let words = try Bell()
        let list = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard list >= 0 else { throw Shortage.file("watch over connections") }
        self.words = words
        self.list = list
        enter(words.descriptor, as: Self.word, events: EPOLLIN.rawValue)
    }

    deinit { close(list) }

    func add(_ descriptor: Int32, as name: UInt64) {
        enter(descriptor, as: name, events: EPOLLRDHUP.rawValue | EPOLLET.rawValue)
    }

    func remove(_ descriptor: Int32) {
        var event = unsafe epoll_event()
        _ = unsafe epoll_ctl(list, EPOLL_CTL_DEL, descriptor, &event)
    }

    /// From any thread.
    func speak() { words.ring() }

    /// Waits for something, or for the time, which may be for ever (-1).
    func wait(milliseconds: Int32) -> News {
        var events = unsafe [epoll_event](repeating: epoll_event(), count: Self.most)
        let count = unsafe epoll_wait(list, &events, Int32(events.count), milliseconds)
        var news = News()
        for index in 0..<max(0, Int(count)) {
            let name = unsafe events[index].data.u64
            if name == Self.word { news.isSpokenTo = true } else { news.hungUp.append(name) }
        }
        if news.isSpokenTo { words.hush() }
        return news
    }

    private func enter(_ descriptor: Int32, as name: UInt64, events: UInt32) {
        var event = unsafe epoll_event(events: events, data: epoll_data(u64: name))
        _ = unsafe epoll_ctl(list, EPOLL_CTL_ADD, descriptor, &event)
    }
}
