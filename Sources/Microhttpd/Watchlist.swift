import CSystem
import Glibc

/// Sockets whose other side may hang up, and words of other threads; one thread waits for both.
struct Watchlist: ~Copyable, Sendable {
    private static let most = 128
    private static let word = UInt64.max
    private let list: Int32
    private let words: Int32

    /// What has been noticed.
    struct News {
        var hungUp: [UInt64] = []
        var isSpokenTo = false
    }

    /// Nothing if no more files can be opened; `errno` says why.
    init?() {
        list = epoll_create1(Int32(EPOLL_CLOEXEC))
        words = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard list >= 0, words >= 0 else { return nil }
        enter(words, as: Self.word, events: EPOLLIN.rawValue)
    }

    deinit { for descriptor in [list, words] where descriptor >= 0 { close(descriptor) } }

    func add(_ descriptor: Int32, as name: UInt64) {
        enter(descriptor, as: name, events: EPOLLRDHUP.rawValue | EPOLLET.rawValue)
    }

    func remove(_ descriptor: Int32) {
        var event = unsafe epoll_event()
        _ = unsafe epoll_ctl(list, EPOLL_CTL_DEL, descriptor, &event)
    }

    /// From any thread.
    func speak() {
        var one: UInt64 = 1
        unsafe write(words, &one, MemoryLayout<UInt64>.size)
    }

    /// Waits for something, or for the time, which may be for ever (-1).
    func wait(milliseconds: Int32) -> News {
        var events = unsafe [epoll_event](repeating: epoll_event(), count: Self.most)
        let count = unsafe epoll_wait(list, &events, Int32(events.count), milliseconds)
        var news = News()
        for index in 0..<max(0, Int(count)) {
            let name = unsafe events[index].data.u64
            if name == Self.word { news.isSpokenTo = true } else { news.hungUp.append(name) }
        }
        if news.isSpokenTo {
            var spoken: UInt64 = 0
            unsafe read(words, &spoken, MemoryLayout<UInt64>.size)
        }
        return news
    }

    private func enter(_ descriptor: Int32, as name: UInt64, events: UInt32) {
        var event = unsafe epoll_event(events: events, data: epoll_data(u64: name))
        _ = unsafe epoll_ctl(list, EPOLL_CTL_ADD, descriptor, &event)
    }
}
